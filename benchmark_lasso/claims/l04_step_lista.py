"""Step-LISTA is at least as good as LISTA and coupled LISTA at equal T for
high sparsity (lmbd = 0.8), on simulated data (m = 256, n = 64) and on the 8 x
8 digits."""
from ci.claims.claim import Check, Panel, Run

from ._problems import (
    ABLIN,
    MATRICES,
    NETWORKS,
    REGS,
    ROUNDING,
    TALK,
    curve,
    data,
    depth,
    lasso,
    learned,
    problems,
    suboptimality,
)

TITLE = "Step-LISTA wins where codes are sparse"
SOURCE = f"{ABLIN}; {TALK}"


def runs(full):
    return [Run(lasso(*REGS), data(full), [
        learned(name, depth(full)) for name in NETWORKS])]


def check(df):
    numbers, holds = {}, True
    sparse = df[df["p_obj_reg"] == 0.8]
    for problem, rows in problems(sparse).items():
        step = curve(rows, "Step-LISTA").drop(0)
        cost = curve(rows, "Step-LISTA", "value").drop(0)
        for name in MATRICES:
            other = curve(rows, name).drop(0)
            holds &= (step <= other + ROUNDING * cost).all()
            numbers[f"largest Step-LISTA / {name}, {problem}"] = (
                step / other).max()
            worse = step.index[step > other + ROUNDING * cost]
            numbers[f"T where it is worse than {name}, {problem}"] = (
                " ".join(f"{t:g}" for t in worse) or "none")
    numbers = {"largest Step-LISTA / another": max(
        v for v in numbers.values() if not isinstance(v, str)), **numbers}
    return Check(holds, numbers)


def figure(df):
    return [Panel(problem, "layers T", "mean held-out F - F*",
                  [suboptimality(rows, name) for name in NETWORKS])
            for problem, rows in problems(df).items()]
