"""ISTA's gap falls as O(1/t), F(z_t) - F* <= L ||z*||^2 / (2t), and FISTA's as
O(1/t^2), F(z_t) - F* <= 2 L ||z*||^2 / (t + 1)^2, for every sample and t."""
import numpy as np

from ci.claims.claim import Curve, Panel, Run, band, by_seed, where
from ci.claims.effects import over_seeds
from ci.claims.parts import EXTENDED, Part, theorem
from ci.names import class_of

from ._problems import DIGITS, FISTA, REGS, SMALL, WHITE, lasso, problems

TITLE = "Rates of ISTA and FISTA"
SOURCE = """A. Beck and M. Teboulle, A fast iterative shrinkage-thresholding
algorithm for linear inverse problems, SIAM J. Imaging Sci. 2(1), 2009,
doi:10.1137/080716542, theorems 3.1 and 4.4."""
CHANGES = """The bounds are tested at the iterations that are evaluated. The
exponents that are fitted to the mean gap are the suite's: the theorems bound
the gap, and say nothing of how much faster it falls."""

BOUNDS = {"ISTA": lambda t: 1 / t, FISTA: lambda t: 4 / (t + 1) ** 2}
"""Bounds of the gap after t iterations, in the unit L ||z*||^2 / 2."""
EXPONENTS = {"ISTA": 1, FISTA: 2}
SCALED = "objective_suboptimality_scaled"
FITTED = 5, 100
"""First and last iteration to which an exponent is fitted."""


def runs(full):
    return [Run(lasso(*REGS), [WHITE, DIGITS] if full else [SMALL],
                [*BOUNDS])]


def check(df):
    parts = []
    for place, rows in problems(df).items():
        for solver, bound in BOUNDS.items():
            one = where(rows, solver)
            one = one[one["stop_val"] > 0]
            gap = one[SCALED].fillna(np.inf).clip(1e-300)
            room = (bound(one["stop_val"]) / gap).min()
            parts.append(theorem(
                place, f"bound / largest gap of {class_of(solver)}", room))
            slopes = [exponent(of) for of in by_seed(one).values()]
            parts.append(Part(
                place, f"exponent of {class_of(solver)} in 1/t",
                over_seeds(slopes), EXPONENTS[solver], EXTENDED))
    return parts


def exponent(rows):
    """The exponent p of the mean gap, fitted as t^-p."""
    rows = rows[rows["stop_val"].between(*FITTED)
                & (rows["objective_suboptimality"] > 1e-12)]
    slope, _ = np.polyfit(np.log(rows["stop_val"]),
                          np.log(rows["objective_suboptimality"]), 1)
    return -slope


def figure(df):
    panels = []
    for name, rows in problems(df).items():
        curves = []
        for solver, bound in BOUNDS.items():
            one = where(rows, solver)
            one = one[(one["stop_val"] > 0) & (one[SCALED] > 1e-16)]
            curves.append(band(one, SCALED, class_of(solver)))
            t = curves[-1].x
            curves.append(Curve(
                f"bound of {class_of(solver)}", t, [*map(bound, t)],
                mode="lines", dash="dash"))
        panels.append(Panel(name, "iterations t", "gap / (L ||z*||² / 2)",
                            curves))
    return panels
