"""The Jacobian of the prox of TV by the implicit function theorem equals the
numerical one wherever the jumps of the solution are stable."""
import numpy as np

from ci.claims.claim import Curve, Panel, Run, by_seed
from ci.claims.networks import layers, untrained
from ci.claims.parts import theorem

from ._problems import PAPER, REGS, depth, problems, simulated, tv

TITLE = "The derivative of the prox is exact"
SOURCE = f"{PAPER}, proposition on the weak Jacobians of the prox"
CHANGES = """The authors' code projects on columns where the formula has rows,
and is wrong; this is the formula. The derivatives in the point and in the
penalty are compared."""

EXACT = 1e-6
"""Error of central differences with a step of 1e-6 in double precision: their
rounding, of the order of 1e-10, times a margin for kinks that are close."""


def network(full):
    """PGD, layer by layer, whose points the derivative is taken at."""
    return untrained("LPGD-Taut", depth(full), measure_layers=True)


def runs(full):
    return [Run(tv(*REGS), simulated(full), [network(full)])]


def measured(df, column):
    """A measure of the layers, an array (n_seeds, n_layers)."""
    full = df["stop_val"].max() == depth(True)
    return np.array([layers(rows, network(full), column)
                     for rows in by_seed(df).values()])


def check(df):
    return [part for place, rows in problems(df).items() for part in (
        theorem(f"{place}, stable jumps",
                f"{EXACT:g} / largest error",
                EXACT / max(measured(rows, "jacobian_error").max(), 1e-300)),
        theorem(f"{place}, every layer",
                "samples with stable jumps / one half",
                measured(rows, "jacobian_stable").min() / 0.5))]


def figure(df):
    panels = []
    for place, rows in problems(df).items():
        errors = measured(rows, "jacobian_error")
        panels.append(Panel(
            place, "layer t", "largest error of the derivative", [Curve(
                "against central differences",
                list(range(1, errors.shape[1] + 1)),
                np.median(errors, axis=0).tolist(),
                errors.min(axis=0).tolist(), errors.max(axis=0).tolist())],
            log="y"))
    return panels
