"""Learned networks improve the constant, not the rate: from layer to layer
FISTA and coordinate descent gain at least as much as deep networks do, and run
to convergence both are below every network of any depth sampled."""
import numpy as np

from ci.claims.claim import Panel, Run, by_seed, where
from ci.claims.effects import over_seeds
from ci.claims.networks import gap_ratio, stronger, suboptimality
from ci.claims.parts import (
    EXTENDED,
    NO_WORSE,
    RATIO,
    STRONGER,
    Part,
)
from ci.names import class_of

from ._problems import REGS, TALK, data, depth, lasso, problems

TITLE = "A better constant, not a better rate"
SOURCE = f"{TALK}; seen in the figures of the networks by depth"
CHANGES = """The talk names no set-up. The rates are fitted here: the mean
decrease of log10 of the gap from one layer or iteration to the next, over the
second half of the layers."""

CLASSICAL = ["FISTA[restart=True]", "CD"]


DEEP = "Step-LISTA"
"""The network that is deep enough for FISTA to catch up with it."""


def runs(full):
    return [Run(lasso(*REGS), data(full), [
        *CLASSICAL, stronger(DEEP, 50 if full else 12),
        stronger("Coupled-LISTA", depth(full))])]


def decrease(df, name, last):
    """Mean decrease of log10 of the gap an iteration, from last / 2 to last.

    By seed; of a solver that has converged by then, up to there.
    """
    rates = []
    for rows in by_seed(where(df, name)).values():
        rows = rows[rows["stop_val"].between(last / 2, last)]
        gap = np.log10(rows["objective_suboptimality"].clip(1e-15))
        T = rows["stop_val"].to_numpy()
        rates.append((gap.iloc[0] - gap.iloc[-1]) / max(T[-1] - T[0], 1))
    return np.maximum(rates, 1e-12)


def check(df):
    parts = []
    how = {"regime": EXTENDED, "trainer": STRONGER, "safeguarded": True}
    for place, rows in problems(df).items():
        T = float(where(rows, DEEP)["stop_val"].max())
        for solver in CLASSICAL:
            parts.append(Part(
                f"{place}, T = {T / 2:g} to {T:g}",
                f"decrease a layer, {class_of(solver)} / {DEEP}",
                over_seeds(decrease(rows, solver, T)
                           / decrease(rows, DEEP, T), RATIO),
                NO_WORSE, **how))
            parts += [gap_ratio(rows, solver, name, None,
                                f"{place}, at the end", **how)
                      for name in (DEEP, "Coupled-LISTA")]
    return parts


def figure(df):
    return [
        Panel(problem, "iterations, sweeps or layers T",
              "mean held-out F - F*",
              [suboptimality(rows[rows["stop_val"] <= 200], name)
               for name in [*CLASSICAL, DEEP, "Coupled-LISTA"]])
        for problem, rows in problems(df).items()
    ]
