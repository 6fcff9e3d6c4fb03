"""A network that is trained without supervision costs no more than ISTA on
held-out x: F(network_T) <= F(ISTA_T) for every T sampled. It can fail badly on
unseen data: each part notes the share of samples on which the network loses,
and how much of its mean gap the worst sample carries."""
from ci.claims.claim import Panel, Run
from ci.claims.networks import (
    as_run,
    depths,
    gap_ratio,
    suboptimality,
    trainers,
)
from ci.claims.parts import EXTENDED, NO_WORSE, STAND_IN

from ._problems import ABLIN, NETWORKS, REGS, data, depth, lasso, problems

TITLE = "Trained networks are no worse than ISTA"
SOURCE = f"""P. Ablin, Deep learning for inverse problems: solving the Lasso
with neural networks (talk, 2019), "if we see a new sample x"; {ABLIN}, figures
of the networks by depth."""
CHANGES = """1000 training samples and 300 steps of descent, where the authors
have 10^4 and 3000, up to 20 layers of their 30, and 500 simulated test samples
of their 10^4 stand in for their set-up, which takes days of a CPU. The coupled
LISTA here has a threshold for each atom, theirs one a layer. LISTA, which
their figures lack, is a network of the extended regime."""

TRAINERS = trainers(STAND_IN)
NAMES = {STAND_IN: ["Step-LISTA", "Coupled-LISTA"], EXTENDED: NETWORKS}
"""Regime -> the networks that are trained in it."""


def networks(full):
    """(regime, trainer, safeguarded) -> selectors of the networks."""
    return {how: [select(name, depth(full)) for name in NAMES[how[0]]]
            for how, select in TRAINERS.items()}


def runs(full):
    return [Run(lasso(*REGS), data(full), [
        "ISTA", *(name for names in networks(full).values()
                  for name in names)])]


def check(df):
    parts = []
    for place, rows in problems(df).items():
        for (regime, trainer, safe), select in TRAINERS.items():
            for name in NAMES[regime]:
                network = as_run(rows, name, select)
                parts += [gap_ratio(
                    rows, network, "ISTA", T, f"{place}, T = {T:g}", NO_WORSE,
                    regime=regime, trainer=trainer, safeguarded=safe)
                    for T in depths(rows, network)]
    return parts


def figure(df):
    deepest = df.loc[df["solver_name"].str.contains("LISTA"),
                     "stop_val"].max()
    df = df[df["stop_val"] <= deepest]
    panels = []
    for place, rows in problems(df).items():
        for (regime, trainer, _), select in TRAINERS.items():
            panels.append(Panel(
                f"{place}, {trainer}", "iterations or layers T",
                "mean held-out F - F*", [suboptimality(rows, "ISTA"), *(
                    suboptimality(rows, as_run(rows, name, select), name)
                    for name in NAMES[regime])]))
    return panels
