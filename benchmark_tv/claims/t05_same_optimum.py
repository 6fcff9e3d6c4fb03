"""Analysis and synthesis have the same optimum: what a method of either form
tends to has no duality gap in the analysis problem."""
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

SOLVERS = "APGD[restart=True]", "Synthesis-FISTA[projected=False]"
SMALL = 1e-4
"""Duality gap, relative to the cost of the start, at which a run may end. The
certificate is that of the analysis problem for both forms: a method of
synthesis would keep a larger one, if its optimum were another."""
STALLED = 0.9
"""A larger gap that is this share, or more, of that at half of the iterations
no longer tends to zero; else the run was too short to decide."""
MAX_ITER = 32_000


def runs(full):
    return [Run(tv(*REGS, max_iter=MAX_ITER), simulated(full), [*SOLVERS])]


def final_gap(df):
    """The largest gap of a sample at the end; NaN if it was still falling."""
    gap, t = df["objective_duality_gap"], df["stop_val"]
    end = gap.iloc[-1]
    falling = end < STALLED * gap[t <= t.iloc[-1] / 2].iloc[-1]
    return math.nan if end > SMALL and falling else end


def check(df):
    return [theorem(
        place, f"{SMALL:.0e} / largest duality gap of {class_of(solver)}",
        SMALL / np.max([*map(final_gap, by_seed(
            where(rows, solver)).values())]))
        for place, rows in problems(df).items() for solver in SOLVERS]


def figure(df):
    return [Panel(place, "iterations or 1 / tolerance", "mean P - P*",
                  [suboptimality(rows, solver)
                   for solver in SOLVERS])
            for place, rows in problems(df).items()]
