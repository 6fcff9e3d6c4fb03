"""Oracle ISTA (steps 1/L_S) needs fewer iterations than ISTA at every
accuracy, and than FISTA at moderate accuracy (a gap of 1e-1 to 1e-3 of the
first one); its steps are not practical because of their cost (at 1e-3 it takes
more time than FISTA)."""
import numpy as np

from ci.claims.claim import Check, Panel, Run, band, where

from ._problems import (
    ABLIN,
    FEW,
    FISTA,
    REGS,
    SMALL,
    TALK,
    lasso,
    problems,
    suboptimality,
)

TITLE = "Oracle ISTA: few iterations, costly steps"
SOURCE = f"{ABLIN}; {TALK}"

SOLVERS = {"Oracle-ISTA": "Oracle-ISTA", "ISTA": "ISTA", "FISTA": FISTA}
LEVELS = [10.0**-k for k in range(1, 7)]
MODERATE = LEVELS[:3]


def runs(full):
    if full:
        return [Run(lasso(0.1, 0.5, 0.8), [FEW], [*SOLVERS.values()])]
    return [Run(lasso(*REGS), [SMALL], [*SOLVERS.values()])]


def cost_of(rows, column):
    """Return the cost at which each level of accuracy is first reached."""
    gap = rows["objective_suboptimality"].to_numpy()
    reached = [np.flatnonzero(gap <= level * gap[0]) for level in LEVELS]
    return {level: rows[column].iloc[at[0]] if len(at) else np.inf
            for level, at in zip(LEVELS, reached, strict=True)}


def check(df):
    numbers, holds, ratios = {}, True, []
    for problem, rows in problems(df).items():
        iterations, time = (
            {name: cost_of(where(rows, solver), column)
             for name, solver in SOLVERS.items()}
            for column in ("stop_val", "time"))
        oracle, ista, fista = (iterations[name] for name in SOLVERS)
        holds &= all(oracle[v] <= ista[v] for v in LEVELS)
        holds &= any(oracle[v] < ista[v] for v in LEVELS)
        holds &= all(oracle[v] <= fista[v] for v in MODERATE)
        holds &= time["Oracle-ISTA"][1e-3] > time["FISTA"][1e-3]
        ratios.append(max(oracle[v] / fista[v] for v in MODERATE))
        for name in SOLVERS:
            numbers[f"{name}: iterations to 1e-1, 1e-3, 1e-6, {problem}"] = (
                ", ".join(f"{iterations[name][v]:g}"
                          for v in (LEVELS[0], LEVELS[2], LEVELS[5])))
        numbers[f"time of Oracle-ISTA / FISTA's to 1e-3, {problem}"] = (
            time["Oracle-ISTA"][1e-3] / time["FISTA"][1e-3])
    numbers = {"iterations / FISTA's, largest at 1e-1 to 1e-3": max(ratios),
               **numbers}
    return Check(holds, numbers)


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
