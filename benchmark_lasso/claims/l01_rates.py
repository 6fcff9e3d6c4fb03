"""ISTA's gap falls as O(1/t), F(z_t) - F* <= L ||z*||^2 / (2t), and FISTA's as
O(1/t^2), F(z_t) - F* <= 2 L ||z*||^2 / (t + 1)^2, for every sample and t."""
from ci.claims.claim import Check, Curve, Panel, Run, band, where

from ._problems import FISTA, REGS, data, lasso, problems

TITLE = "Rates of ISTA and FISTA"
SOURCE = """A. Beck and M. Teboulle, A fast iterative shrinkage-thresholding
algorithm for linear inverse problems, SIAM J. Imaging Sci. 2(1), 2009,
doi:10.1137/080716542, theorems 3.1 and 4.4."""

BOUNDS = {"ISTA": lambda t: 1 / t, FISTA: lambda t: 4 / (t + 1) ** 2}
"""Bounds of the gap after t iterations, in the unit L ||z*||^2 / 2."""
SCALED = "objective_suboptimality_scaled"


def runs(full):
    return [Run(lasso(*REGS), data(full), [*BOUNDS])]


def check(df):
    numbers = {}
    for name, rows in problems(df).items():
        for solver, bound in BOUNDS.items():
            one = where(rows, solver)
            one = one[one["stop_val"] > 0]
            numbers[f"{solver.split('[')[0]}: largest gap / bound, {name}"] = (
                (one[SCALED] / bound(one["stop_val"])).max())
    worst = max(numbers.values())
    return Check(worst <= 1, {"largest gap / bound": worst, **numbers})


def figure(df):
    panels = []
    for name, rows in problems(df).items():
        curves = []
        for solver, bound in BOUNDS.items():
            one = where(rows, solver)
            one = one[(one["stop_val"] > 0) & (one[SCALED] > 1e-16)]
            curves.append(band(one, SCALED, solver.split("[")[0]))
            t = curves[-1].x
            curves.append(Curve(
                f"bound of {solver.split('[')[0]}", t, [*map(bound, t)],
                mode="lines", dash="dash"))
        panels.append(Panel(name, "iterations t", "gap / (L ||z*||² / 2)",
                            curves))
    return panels
