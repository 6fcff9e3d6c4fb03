"""What the claims about recurrent momentum share: networks, parts, curves."""
import json

import numpy as np

from ci.claims.claim import Curve, Panel, band, where
from ci.claims.effects import at, compare, over_seeds, paired
from ci.claims.parts import EXTENDED, PUBLISHED, SOURCE, Part

ZHOU = (
    "Q. Zhou, J. Qian, J. Tang and J. Li, Deep unrolling networks with "
    "recurrent momentum acceleration for nonlinear inverse problems, Inverse "
    "Problems 40(5), 2024, arXiv:2307.16120")
SET_UP = """The LSTM sees one gradient a layer, from a state of zeros, where
the authors' code replays all gradients from a random state. Gradients and
points are standardised. Convolutions have 16 channels, the authors' 32.
Validation samples are independent, where the authors validate on training
samples. The controls are the suite's: ridge regression; a tanh network of the
current gradient, with as many parameters, in the LSTM's place; a plain network
with as many parameters in all. Beside them stand the initial guess, damped
Gauss-Newton steps, and those with a Gaussian prior of the training samples,
each tuned on training samples. Errors are those on samples on which neither of
two methods has diverged (a mean square error above 1e4, or NaN); where one
has, the shares of these samples are a part of their own."""

METHODS = "LPGD", "LPD"
PLAIN, RMA, CONTROL, WIDE = "none", "lstm", "memoryless", "wide"
WIDTH = 16
"""Channels of convolutions; a plain network of as many parameters has more."""
CONTROLS = {CONTROL: "the memoryless control",
            WIDE: "the plain one of as many parameters"}
RIDGE, START = "Ridge", "the initial guess"
RIVALS = RIDGE, "Gauss-Newton", "Gaussian-prior"
"""What knows the training samples or the operator, and is no network."""


def network(method, memory, **sizes):
    """The selector of a network; sizes are parameters of the solver."""
    options = sorted((sizes | {"memory": memory}).items())
    return f"{method}[{','.join(f'{k}={v}' for k, v in options)}]"


def networks(wide, **sizes):
    """The networks of a claim: method -> kind -> selector.

    Parameters
    ----------
    wide : dict, method -> channels with which a plain network has as many
        parameters as that with recurrent momentum; controls run on these
    **sizes : parameters that all networks share
    """
    found = {method: {
        memory: network(method, memory, width=WIDTH, **sizes)
        for memory in (PLAIN, RMA)} for method in METHODS}
    for method, width in wide.items():
        found[method] |= {
            CONTROL: network(method, CONTROL, width=WIDTH, **sizes),
            WIDE: network(method, PLAIN, width=width, **sizes)}
    return found


def labelled(found):
    """Label -> selector, of all `networks` found."""
    return {f"{method}, {kind}": selector for method, kinds in found.items()
            for kind, selector in kinds.items()}


def compared(df, found, place, regime=SOURCE):
    """The parts on one problem: recurrent momentum against the plain network,
    which decide in the source's regime, and against the controls."""
    parts = []
    for method, kinds in found.items():
        own = last(df, kinds[RMA])
        rivals = {method: (last(df, kinds[PLAIN]), regime),
                  START: (at(where(df, kinds[RMA]), 0), EXTENDED)} | {
            name: (last(df, name), EXTENDED) for name in RIVALS} | {
            what: (last(df, kinds[kind]), EXTENDED)
            for kind, what in CONTROLS.items() if kind in kinds}
        for what, (rows, of) in rivals.items():
            effects = against(own, rows, what=what, name=f"{method}-RMA")
            parts += [Part(f"{method}, {place}", effect_of, effect, regime=of,
                           trainer=PUBLISHED, safeguarded=False)
                      for effect_of, effect in effects.items()]
    return parts


def last(df, solver):
    """The last evaluation of each seed."""
    return at(where(df, solver), None)


def against(*rows, what, name):
    """Effects of a solver, called `name`, against another, called `what`, from
    an evaluation a seed of each: the ratio of their errors and, where one has
    diverged on some samples, the difference of their shares; what the effect
    is of -> Effect."""
    effects = {f"error of {what} / of {name}": compare(
        *rows, "mse", without="diverged")}
    lost = np.array([[own.mean() for own in pair]
                     for pair in paired(*rows, "diverged")])
    if lost.any():
        effects[f"share of samples that diverge, {what} - {name}"] = (
            over_seeds(lost[:, 1] - lost[:, 0]))
    return effects


def training_panel(df, found, place):
    """Validation errors by epoch: medians over the seeds."""
    curves = []
    for label, selector in labelled(found).items():
        rows = last(df, selector)
        errors = np.median([json.loads(v) for v in rows[
            "objective_validation_errors"]], axis=0)
        curves.append(Curve(
            label, list(range(len(errors))), errors.tolist()))
    return Panel(f"Training, {place}", "epoch", "validation error", curves,
                 log="y")


def layer_panel(df, found, place):
    """Errors of the trained network's layers."""
    return Panel(f"Layers, {place}", "layer", "mean square error", [
        band(where(df, selector), "objective_mse", label)
        for label, selector in labelled(found).items()], log="y")
