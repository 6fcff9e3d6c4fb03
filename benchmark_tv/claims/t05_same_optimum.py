"""Analysis and synthesis have the same optimum: wherever methods of both forms
stop, their costs differ by no more than their duality gaps allow."""
import math

import numpy as np

from ci.claims.claim import Panel, Run, by_seed, where
from ci.claims.networks import suboptimality
from ci.claims.parts import theorem
from ci.names import class_of

from ._problems import PAPER, REGS, problems, simulated, tv

TITLE = "One optimum for analysis and synthesis"
SOURCE = f"{PAPER}, section 2"
CHANGES = ""

ANALYSIS, SYNTHESIS = "APGD[restart=True]", [
    "Synthesis-FISTA[projected=False]"]
ROUNDING = 1e-12
"""Relative error of a difference of two costs."""
SMALL = 1e-4
"""Relative duality gap that both have to reach: above it a comparison would
say little, and is undecided, since this is a matter of the length of a run."""
MAX_ITER = 32_000


def runs(full):
    return [Run(tv(*REGS, max_iter=MAX_ITER), simulated(full),
                [ANALYSIS, *SYNTHESIS])]


def ends(df, solver):
    """Mean cost, and largest relative duality gap, at the end, by seed."""
    last = [rows.iloc[-1] for rows in by_seed(where(df, solver)).values()]
    return tuple(np.array([row[f"objective_{name}"] for row in last])
                 for name in ("value", "duality_gap"))


def check(df):
    parts = []
    for place, rows in problems(df).items():
        cost, gap = ends(rows, ANALYSIS)
        # the gaps are relative to the cost of the start, the best constant
        start = np.array([of["objective_value"].iloc[0] for of in by_seed(
            where(rows, ANALYSIS)).values()])
        for solver in SYNTHESIS:
            other, other_gap = ends(rows, solver)
            allowed = (gap + other_gap + ROUNDING) * start
            difference = np.maximum(abs(cost - other), 1e-300)
            largest = np.maximum(gap, other_gap).max()
            parts.append(theorem(
                place, "what the gaps allow / difference of "
                f"{class_of(ANALYSIS)} and {class_of(solver)}",
                (allowed / difference).min() if largest <= SMALL
                else math.nan))
    return parts


def figure(df):
    return [Panel(place, "iterations or 1 / tolerance", "mean P - P*",
                  [suboptimality(rows, solver)
                   for solver in (ANALYSIS, *SYNTHESIS)])
            for place, rows in problems(df).items()]
