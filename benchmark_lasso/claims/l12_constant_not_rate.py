"""Learned networks improve the constant, not the rate: beyond some T, FISTA or
coordinate descent is below every network at equal T, and run to convergence
both are below every network of any depth sampled."""
import numpy as np

from ci.claim import Check, Panel, Run, where

from ._problems import (
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

SOURCE = TALK

CLASSICAL = ["FISTA[restart=True]", "CD"]


def runs(full):
    return [Run(lasso(*REGS), data(full), [
        *CLASSICAL, *(learned(name, depth(full)) for name in NETWORKS)])]


def at(values, T):
    """A curve at T, or its end where the solver has converged before."""
    return values[values.index <= T].iloc[-1]


def check(df):
    numbers, holds = {}, True
    for problem, rows in problems(df).items():
        networks = [curve(rows, name) for name in NETWORKS]
        classical = [curve(rows, name) for name in CLASSICAL]
        depths = [T for T in networks[0].index if T > 0]
        network = np.array([min(c[T] for c in networks) for T in depths])
        for name, one in zip(CLASSICAL, classical, strict=True):
            label = name.split("[")[0]
            wins = np.array([at(one, T) for T in depths]) < network
            beyond = [T for T, n in zip(depths, range(len(depths)),
                                        strict=True) if wins[n:].all()]
            numbers[f"{label} wins from T on, {problem}"] = (
                float(beyond[0]) if beyond else "not up to "
                f"{depths[-1]:g}")
            holds &= one.iloc[-1] < network.min()
        both = np.array([min(at(one, T) for one in classical)
                         for T in depths])
        holds &= both[-1] < network[-1]
        best = min(NETWORKS, key=lambda name: curve(rows, name).min())
        took = where(rows, best)["time"].iloc[-1]
        level = network.min()
        for name in CLASSICAL:
            one = where(rows, name)
            reached = one[one["objective_suboptimality"] <= level]["time"]
            numbers[f"time of {name.split('[')[0]} to the best network's gap "
                    f"/ the network's, {problem}"] = reached.min() / took
        numbers[f"best network's gap, {problem}"] = level
    return Check(bool(holds), numbers)


def figure(df):
    return [
        Panel(problem, "iterations, sweeps or layers T",
              "mean held-out F - F*",
              [suboptimality(rows[rows["stop_val"] <= 200], name)
               for name in [*CLASSICAL, *NETWORKS]])
        for problem, rows in problems(df).items()
    ]
