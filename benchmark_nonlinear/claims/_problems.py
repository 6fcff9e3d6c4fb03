"""What the claims about recurrent momentum share: networks, parts, curves."""
import json

import numpy as np

from ci.claims.claim import Curve, Panel, band, where
from ci.claims.effects import at, compare, over_seeds, paired
from ci.claims.parts import EXTENDED, STAND_IN, Part

ZHOU = (
    "Q. Zhou, J. Qian, J. Tang and J. Li, Deep unrolling networks with "
    "recurrent momentum acceleration for nonlinear inverse problems, Inverse "
    "Problems 40(5), 2024, arXiv:2307.16120")
SET_UP = """Depths, widths and numbers of samples are the suite's, which stand
in, and so are what trains: steps whose gradient is not finite are not taken,
and the epoch with the least validation error is kept, which hides that others
diverge: their share is a part of its own. The LSTM sees one gradient a layer,
from a state of zeros, where the authors' code replays all gradients from a
random state. Gradients and points are standardised. Convolutions have 16
channels, the authors' 32. Validation samples are independent, where the
authors validate on training samples. The controls are the suite's: ridge
regression; a tanh network of the current gradient, with as many parameters, in
the LSTM's place; a plain network with as many parameters in all; in full mode
a fixed momentum. Beside them stand the initial guess, damped Gauss-Newton
steps, and those with a Gaussian prior of the training samples, each tuned on
validation samples. Errors are those on samples on which neither of two methods
has diverged (a mean square error above 1e4, or NaN); where one has, the shares
of these samples are a part of their own, which does not decide."""

METHODS = "LPGD", "LPD"
PLAIN, RMA, CONTROL, WIDE = "none", "lstm", "memoryless", "wide"
MOMENTUM = "momentum"
WIDTH = 16
"""Channels of convolutions; a plain network of as many parameters has more."""
CONTROLS = {CONTROL: "the memoryless control",
            WIDE: "the plain one of as many parameters",
            MOMENTUM: "the one with a fixed momentum"}
RIDGE, START = "Ridge", "the initial guess"
RIVALS = RIDGE, "Gauss-Newton", "Gaussian-prior"
"""What knows the training samples or the operator, and is no network."""


def network(method, memory, **sizes):
    """The selector of a network; sizes are parameters of the solver."""
    options = sorted((sizes | {"memory": memory}).items())
    return f"{method}[{','.join(f'{k}={v}' for k, v in options)}]"


def networks(wide, memories=(PLAIN, RMA), **sizes):
    """The networks of a claim: method -> kind -> selector.

    Parameters
    ----------
    wide : dict, method -> channels with which a plain network has as many
        parameters as that with recurrent momentum; controls run on these
    memories : what every method has, among them PLAIN and RMA
    **sizes : parameters that all networks share
    """
    found = {method: {
        memory: network(method, memory, width=WIDTH, **sizes)
        for memory in memories} for method in METHODS}
    for method, width in wide.items():
        found[method] |= {
            CONTROL: network(method, CONTROL, width=WIDTH, **sizes),
            WIDE: network(method, PLAIN, width=width, **sizes)}
    return found


def labelled(found):
    """Label -> selector, of all `networks` found."""
    return {f"{method}, {kind}": selector for method, kinds in found.items()
            for kind, selector in kinds.items()}


def compared(df, found, place, regime=STAND_IN, rivals=RIVALS):
    """The parts on one problem: recurrent momentum against the plain network,
    whose errors decide where the regime does, and against the others."""
    parts = []
    for method, kinds in found.items():
        own, plain = (last(df, kinds[kind]) for kind in (RMA, PLAIN))
        others = {method: plain, START: at(where(df, kinds[RMA]), 0)} | {
            name: last(df, name) for name in rivals} | {
            what: last(df, kinds[kind])
            for kind, what in CONTROLS.items() if kind in kinds}
        said = [(unstable(own, plain, method), EXTENDED)]
        for what, rows in others.items():
            said.append((error_ratio(own, rows, what, method),
                         regime if what == method else EXTENDED))
            said += [(lost, EXTENDED)
                     for lost in lost_shares(own, rows, what, method)]
        parts += [Part(f"{method}, {place}", *part, regime=of,
                       safeguarded=False) for part, of in said]
    return parts


def last(df, solver):
    """The last evaluation of each seed."""
    return at(where(df, solver), None)


def error_ratio(own, rows, what, method):
    """What is compared, and the ratio of errors, where neither has diverged,
    from an evaluation a seed of each."""
    return f"error of {what} / of {method}-RMA", compare(
        own, rows, "mse", without="diverged")


def lost_shares(own, rows, what, method):
    """The same of the shares of samples that have diverged: one effect, or
    none where none has."""
    lost = np.array([[of.mean() for of in pair]
                     for pair in paired(own, rows, "diverged")])
    if not lost.any():
        return []
    return [(f"share of samples that diverge, {what} - {method}-RMA",
             over_seeds(lost[:, 1] - lost[:, 0]))]


def unstable(own, plain, method):
    """The same of the shares of epochs whose network is worse on validation
    samples than the untrained one."""
    shares = [np.mean(errors[:, 1:] > errors[:, :1], axis=1)
              for errors in map(validation_errors, (own, plain))]
    return (f"share of epochs worse than untrained, {method} - {method}-RMA",
            over_seeds(shares[1] - shares[0]))


def validation_errors(rows):
    """Of each seed and epoch, the untrained network first: an array."""
    return np.array([json.loads(v) for v in rows.sort_values("base_seed")[
        "objective_validation_errors"]])


def training_panel(df, found, place):
    """Validation errors by epoch: medians over the seeds."""
    curves = []
    for label, selector in labelled(found).items():
        errors = np.median(validation_errors(last(df, selector)), axis=0)
        curves.append(Curve(
            label, list(range(len(errors))), errors.tolist()))
    return Panel(f"Training, {place}", "epoch", "validation error", curves,
                 log="y")


def layer_panel(df, found, place):
    """Errors of the trained network's layers."""
    return Panel(f"Layers, {place}", "layer", "mean square error", [
        band(where(df, selector), "objective_mse", label)
        for label, selector in labelled(found).items()], log="y")
