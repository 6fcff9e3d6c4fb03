"""Oracle ISTA, whose steps are 1/L_S, (a) needs fewer iterations than ISTA and
(b) than FISTA, at which accuracy and sparsity is computed here; (c) it is not
practical because L_S is costly: an iteration takes longer than FISTA's."""
import numpy as np

from ci.claims.claim import Panel, Run, band, by_seed, where
from ci.claims.effects import iterations, over_seeds, quotients
from ci.claims.networks import suboptimality
from ci.claims.parts import RATIO, Part

from ._problems import (
    ABLIN,
    FISTA,
    ORACLE,
    REGS,
    SMALL,
    SMALL_CODES,
    TALK,
    lasso,
    problems,
)

TITLE = "Oracle ISTA: few iterations, costly steps"
SOURCE = f"""{ABLIN}, figures of oracle ISTA (10 x 50, lmbd = 0.5) and of the
iterative solvers (100 x 200, lmbd = 0.1, 0.4, 0.8); {TALK}"""
CHANGES = """The mean over 50 samples reaches an accuracy, where the authors
draw one problem. Where a run ends before it, the part is undecided."""

SOLVERS = {"Oracle-ISTA": ORACLE, "ISTA": "ISTA", "FISTA": FISTA}
LEVELS = 1e-1, 1e-3, 1e-6
"""Accuracies: the mean gap over that of the start."""


def runs(full):
    if not full:
        return [Run(lasso(*REGS), [SMALL_CODES], [*SOLVERS.values()])]
    one, other = (SMALL.replace("n_dim=10,n_atoms=20,signals=white", size)
                  .replace("n_test=100", "n_test=50") for size in (
                      "n_dim=10,n_atoms=50,signals=codes",
                      "n_dim=100,n_atoms=200,signals=codes"))
    return [Run(lasso(0.5), [one], [*SOLVERS.values()]),
            Run(lasso(0.1, 0.4, 0.8), [other], [*SOLVERS.values()])]


def seconds(df, name):
    """Seconds for an iteration on all samples, by seed."""
    return np.array([rows["time"].iloc[-1] / rows["stop_val"].iloc[-1]
                     for rows in by_seed(where(df, SOLVERS[name])).values()])


def counted(df, name, level):
    """Iterations to an accuracy, by seed; NaN where a run was cut off before,
    which tells nothing of how many it would have taken."""
    n = iterations(where(df, SOLVERS[name]), level)
    return np.where(np.isfinite(n), n, np.nan)


def check(df):
    parts = []
    for place, rows in problems(df).items():
        parts += [
            Part(f"{place}, to {level:.0e} of the first gap",
                 f"iterations of {rival} / of Oracle-ISTA",
                 over_seeds(quotients(*(
                     counted(rows, name, level)
                     for name in (rival, "Oracle-ISTA"))), RATIO))
            for rival in ("ISTA", "FISTA") for level in LEVELS]
        oracle, ista, fista = (seconds(rows, name) for name in SOLVERS)
        parts.append(Part(
            place, "time of an iteration, Oracle-ISTA / FISTA", over_seeds(
                oracle / fista, RATIO,
                **{"share of L_S in the time": 1 - (ista / oracle).mean()})))
    return parts


def figure(df):
    panels = []
    for problem, rows in problems(df).items():
        panels.append(Panel(
            problem, "iterations", "mean F - F*",
            [suboptimality(rows, solver) for solver in SOLVERS.values()]))
    sparse = df[df["p_obj_reg"] == df["p_obj_reg"].max()]
    sparse = sparse[(sparse["stop_val"] > 0)
                    & (sparse["objective_suboptimality"] > 1e-16)]
    timed = []
    for name, solver in SOLVERS.items():
        rows = where(sparse, solver)
        median = rows.groupby("stop_val")["time"].transform("median")
        timed.append(band(rows.assign(seconds=median),
                          "objective_suboptimality", name, x="seconds"))
    return [*panels, Panel(f"In time, {problem}", "seconds", "mean F - F*",
                           timed)]
