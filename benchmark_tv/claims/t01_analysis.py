"""Proximal gradient descent on the signal (analysis, with the exact prox)
needs fewer iterations than ISTA on its jumps (synthesis) for the same gap."""
from ci.claims.claim import Panel, Run, selected
from ci.claims.networks import suboptimality
from ci.claims.parts import EXTENDED

from ._problems import (
    LEAST_SQUARES,
    PAPER,
    REGS,
    fewer_iterations,
    problems,
    simulated,
    tv,
)

TITLE = "Analysis beats synthesis"
SOURCE = f"{PAPER}, section 2 and the figure of the convergence"
CHANGES = """The synthesis of the authors keeps the constant, which nothing
penalises, as its first jump: its column is often the longest and makes all
steps short. An extended regime has the constant projected out, as synthesis is
best, and a problem of 40 x 40, which is the suite's."""

ANALYSIS, SYNTHESIS = "PGD", "Synthesis-ISTA[projected=False]"
PROJECTED = "Synthesis-ISTA[projected=True]"
SOLVERS = ANALYSIS, SYNTHESIS, PROJECTED
MAX_ITER = 32_000
"""What is not reached in these counts as infinitely many iterations."""
LARGER = "Simulated[n_dim=40,n_times=40,n_train=2,n_test=50]"
"""The suite's problem, beside the paper's."""


def runs(full):
    return [Run(tv(*REGS, max_iter=MAX_ITER, init=LEAST_SQUARES), [
        *simulated(full), *([LARGER] if full else [])], [*SOLVERS])]


def check(df):
    return [part for place, rows in problems(df).items() for part in (
        *fewer_iterations(rows, ANALYSIS, SYNTHESIS, place, **of(rows)),
        *fewer_iterations(rows, ANALYSIS, PROJECTED, place,
                          regime=EXTENDED))]


def of(rows):
    """The fields of the parts on a problem that the suite adds to the paper's.
    """
    added = selected(rows["dataset_name"], [LARGER]).all()
    return {"regime": EXTENDED} if added else {}


def figure(df):
    return [Panel(place, "iterations", "mean P - P*",
                  [suboptimality(rows, solver, label=solver)
                   for solver in SOLVERS])
            for place, rows in problems(df).items()]
