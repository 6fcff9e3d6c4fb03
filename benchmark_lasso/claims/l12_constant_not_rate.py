"""Learned networks improve the constant, not the rate: beyond some T, FISTA or
coordinate descent is below every network at equal T, and run to convergence
both are below every network of any depth sampled."""
from ci.claims.claim import Check, Panel, Run, where

from ._problems import (
    MATRICES,
    NETWORKS,
    REGS,
    TALK,
    curve,
    data,
    depth,
    lasso,
    learned,
    problems,
    suboptimality,
)

TITLE = "A better constant, not a better rate"
SOURCE = TALK

CLASSICAL = ["FISTA[restart=True]", "CD"]


DEEP = "Step-LISTA"
"""The network that is deep enough for FISTA to catch up with it."""


def runs(full):
    return [Run(lasso(*REGS), data(full), [
        *CLASSICAL, learned(DEEP, 50 if full else 32),
        *(learned(name, depth(full)) for name in MATRICES)])]


def at(values, T):
    """A curve at T, or its end where the solver has converged before."""
    return values[values.index <= T].iloc[-1]


def wins_from(classical, networks):
    """The first T from which on a curve is below every network, or None."""
    first = None
    for T in sorted({T for c in networks for T in c.index if T > 0}):
        least = min(c[T] for c in networks if T in c.index)
        if at(classical, T) >= least:
            first = None
        elif first is None:
            first = float(T)
    return first


def check(df):
    numbers, holds, first = {}, True, []
    for problem, rows in problems(df).items():
        networks = {name: curve(rows, name) for name in NETWORKS}
        best = min(networks, key=lambda name: networks[name].min())
        level = networks[best].min()
        took = where(rows, best)["time"].iloc[-1]
        wins = []
        for name in CLASSICAL:
            one, label = where(rows, name), name.split("[")[0]
            gap = curve(rows, name)
            wins.append(wins_from(gap, networks.values()))
            numbers[f"{label} wins from T on, {problem}"] = (
                wins[-1] or f"not up to {networks[DEEP].index.max():g}")
            holds &= gap.iloc[-1] < level
            reached = one[one["objective_suboptimality"] <= level]["time"]
            numbers[f"time of {label} to the best network's gap / the "
                    f"network's, {problem}"] = reached.min() / took
        first.append(min((T for T in wins if T), default=float("inf")))
        numbers[f"best network's gap ({best}), {problem}"] = level
    return Check(holds and max(first) < float("inf"), {
        "FISTA or CD wins from T on": max(first), **numbers})


def figure(df):
    return [
        Panel(problem, "iterations, sweeps or layers T",
              "mean held-out F - F*",
              [suboptimality(rows[rows["stop_val"] <= 200], name)
               for name in [*CLASSICAL, *NETWORKS]])
        for problem, rows in problems(df).items()
    ]
