"""Learned steps exceed 1/L and follow 1/L_S, the inverse Lipschitz constants
of the supports met (each lies between the 10 % quantile of 1/L_S and the 90 %
quantile of 2/L_S over the samples); they grow as z gets sparser."""
import numpy as np

from ci.claims.claim import Check, Curve, Panel, Run

from ._problems import (
    ABLIN,
    REGS,
    TALK,
    data,
    depth,
    lasso,
    layers,
    learned,
    problems,
)
from .l06_deep_layers import per_layer

TITLE = "Learned steps follow 1/L_S"
SOURCE = f"{ABLIN}; {TALK}"


def runs(full):
    regs = (0.1, 0.5, 0.8) if full else REGS
    return [Run(lasso(*regs), data(full),
                [learned("Step-LISTA", depth(full))])]


def check(df):
    numbers, holds, sizes = {}, True, {}
    for problem, rows in problems(df).items():
        steps = np.array(layers(rows, "Step-LISTA", "steps"))
        low = np.array(layers(rows, "Step-LISTA", "inverse_L_S_q10"))
        high = 2 * np.array(layers(rows, "Step-LISTA", "inverse_L_S_q90"))
        inverse_L = rows["objective_inverse_L"].iloc[0]
        met = ~np.isnan(low)
        above = (steps > inverse_L).mean()
        inside = ((low <= steps) & (steps <= high))[met].mean()
        size = np.exp(np.log(steps / inverse_L).mean())
        numbers |= {f"share of steps in the band, {problem}": inside,
                    f"share of steps above 1/L, {problem}": above,
                    f"largest step times L, {problem}":
                        steps.max() / inverse_L,
                    f"geometric mean of steps times L, {problem}": size}
        holds &= above == 1 and inside == 1
        sizes.setdefault(problem.split(",")[0], []).append(size)
    holds &= all(s == sorted(s) for s in sizes.values())
    least = min(v for k, v in numbers.items() if "band" in k)
    return Check(holds, {"smallest share of steps in the band": least,
                               **numbers})


def figure(df):
    panels = []
    for problem, rows in problems(df).items():
        steps = per_layer(rows, "Step-LISTA", "steps", "learned step")
        one = per_layer(rows, "Step-LISTA", "inverse_L_S_median",
                        "1/L_S, median", mode="lines")
        low = per_layer(rows, "Step-LISTA", "inverse_L_S_q10", "")
        high = per_layer(rows, "Step-LISTA", "inverse_L_S_q90", "")
        one = one._replace(low=low.y, high=[2 * v for v in high.y])
        one = Curve("1/L_S, 10 % to 2/L_S, 90 %",
                    *(v[1:] for v in one[1:5]), mode="lines")
        inverse_L = rows["objective_inverse_L"].median()
        panels.append(Panel(problem, "layer t", "step", [
            steps, one, Curve("1/L", steps.x, [inverse_L] * len(steps.x),
                              mode="lines", dash="dash")], log="y"))
    return panels
