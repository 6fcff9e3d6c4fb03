"""A network that is trained without supervision costs no more than ISTA on
held-out x: F(network_T) <= F(ISTA_T) for every T sampled."""
from ci.claims.claim import Check, Panel, Run

from ._problems import (
    ABLIN,
    NETWORKS,
    REGS,
    ROUNDING,
    curve,
    data,
    depth,
    lasso,
    learned,
    problems,
    suboptimality,
)

TITLE = "Training pays"
SOURCE = f"""P. Ablin, Deep learning for inverse problems: solving the Lasso
with neural networks (talk, 2019); {ABLIN}"""


def runs(full):
    return [Run(lasso(*REGS), data(full), [
        "ISTA", *(learned(name, depth(full)) for name in NETWORKS)])]


def check(df):
    numbers, holds = {}, True
    for problem, rows in problems(df).items():
        ista, cost = curve(rows, "ISTA"), curve(rows, "ISTA", "value")
        for name in NETWORKS:
            network = curve(rows, name).drop(0)
            excess = network - ista[network.index]
            holds &= (excess <= ROUNDING * cost[network.index]).all()
            numbers[f"{name}: largest gap / ISTA's, {problem}"] = (
                network / ista[network.index]).max()
    numbers = {"largest gap / ISTA's": max(numbers.values()), **numbers}
    return Check(holds, numbers)


def figure(df):
    deepest = df.loc[df["solver_name"].str.contains("LISTA"),
                     "stop_val"].max()
    df = df[df["stop_val"] <= deepest]
    return [
        Panel(problem, "iterations or layers T", "mean held-out F - F*",
              [suboptimality(rows, name) for name in ["ISTA", *NETWORKS]])
        for problem, rows in problems(df).items()
    ]
