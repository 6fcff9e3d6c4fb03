"""An untrained T-layer network, of every parametrisation that starts from a
classical algorithm, returns T iterations of that algorithm: cost, worst cost,
distance to the solution and support size agree up to rounding at every T."""
import re
from pathlib import Path

import numpy as np

from ci.claims.claim import Panel, Run, where
from ci.claims.networks import suboptimality, untrained
from ci.claims.parts import theorem
from ci.names import class_of

from ._problems import ABLIN, FISTA, REGS, SMALL, WHITE, depth, lasso, problems

TITLE = "Untrained, a network is its algorithm"
SOURCE = f"{ABLIN}; K. Gregor and Y. LeCun, ICML 2010"
CHANGES = """Networks that start from no classical algorithm (ALISTA, whose
weights are analytic) are left out."""

ROUNDING = 1e-12
METRICS = ["value", "suboptimality_worst", "distance", "support_size"]


def learned_solvers():
    """The name in each learned solver's file."""
    folder = Path(__file__).parents[1] / "solvers"
    texts = (p.read_text() for p in sorted(folder.glob("*.py"))
             if not p.name.startswith("template_"))
    return [re.search(r'^    name = "(.+)"', text, re.MULTILINE)[1]
            for text in texts if "(UnrolledSolver)" in text]


def runs(full):
    T = depth(full)
    return [Run(lasso(*REGS), [WHITE if full else SMALL],
                [*(untrained(name, T) for name in learned_solvers()),
                 "ISTA", FISTA, "ADMM"])]


def networks(df):
    """Name -> rows of each network, and the solver that it unrolls."""
    rows = df[df["objective_unrolls"].notna()]
    return {name: (one, one["objective_unrolls"].iloc[0])
            for name, one in rows.groupby("solver_name")}


def check(df):
    parts = []
    for name, (rows, solver) in networks(df).items():
        if not solver:
            continue
        both = rows.merge(where(df, solver), "left",
                          on=["objective_name", "base_seed", "stop_val"])
        start = both["objective_value_x"].max()
        differences = [
            abs(both[f"objective_{m}_x"] - both[f"objective_{m}_y"])
            / (start if m == "value" else 1) for m in METRICS]
        # what is no number, of one that diverged or is lacking, differs
        difference = np.max(np.nan_to_num(differences, nan=np.inf))
        parts.append(theorem(
            f"{class_of(name)}, every T and problem",
            f"{ROUNDING:g} / largest difference from {class_of(solver)}",
            ROUNDING / max(difference, 1e-300)))
    return parts


def figure(df):
    solvers = sorted({s for _, s in networks(df).values() if s})
    deepest = max(r["stop_val"].max() for r, _ in networks(df).values())
    df = df[df["stop_val"] <= deepest]
    panels = []
    for problem, rows in problems(df).items():
        curves = [suboptimality(rows, solver) for solver in solvers]
        for name, (_, solver) in networks(df).items():
            if not solver:
                continue
            label = f"{class_of(name)}, untrained"
            curves.append(suboptimality(rows, name, label)._replace(
                mode="markers"))
        panels.append(Panel(problem, "iterations or layers T",
                            "mean F - F*", curves))
    return panels
