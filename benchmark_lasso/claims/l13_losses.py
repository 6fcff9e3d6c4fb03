"""Supervised training solves the inverse problem (error to the true code),
semi-supervised and unsupervised training solve the Lasso (F): each wins on its
own metric, on held-out samples, for the deepest network."""
from itertools import product

from ci.claims.claim import Check, Panel, Run, band, where

from ._problems import (
    CODES,
    REGS,
    SMALL_CODES,
    TALK,
    depth,
    lasso,
    learned,
    problems,
    suboptimality,
)

TITLE = "Each loss wins on its own metric"
SOURCE = f"""{TALK}; P. Ablin, Deep learning for inverse problems: solving the
Lasso with neural networks (talk, 2019)"""

NAMES = ["Step-LISTA", "Coupled-LISTA"]
LOSSES = ["supervised", "semi-supervised", "unsupervised"]


def runs(full):
    return [Run(lasso(*REGS), [CODES if full else SMALL_CODES], [
        learned(name, depth(full), loss)
        for name in NAMES for loss in LOSSES])]


def check(df):
    numbers, holds, margins = {}, True, []
    for (problem, rows), name in product(problems(df).items(), NAMES):
        last = {loss: where(rows, f"{name}[loss={loss}]").iloc[-1]
                for loss in LOSSES}
        error = {k: v["objective_nmse_db"] for k, v in last.items()}
        cost = {k: v["objective_suboptimality"] for k, v in last.items()}
        margins.append(min(error["semi-supervised"], error["unsupervised"])
                       - error["supervised"])
        holds &= margins[-1] > 0
        holds &= cost["supervised"] > max(
            cost["semi-supervised"], cost["unsupervised"])
        for loss in LOSSES:
            numbers[f"{name}, {loss}: NMSE [dB]; F - F*, {problem}"] = (
                f"{error[loss]:.3g}; {cost[loss]:.2e}")
    return Check(holds, {
        "smallest gain of supervised training in NMSE [dB]": min(margins),
        **numbers})


def figure(df):
    panels = []
    for (problem, rows), name in product(problems(df).items(), NAMES):
        selected = {loss: where(rows, f"{name}[loss={loss}]")
                    for loss in LOSSES}
        panels.append(Panel(
            f"{name}: the inverse problem, {problem}", "layers T", "NMSE [dB]",
            [band(rows, "objective_nmse_db", loss)
             for loss, rows in selected.items()], log=""))
        panels.append(Panel(
            f"{name}: the Lasso, {problem}", "layers T",
            "mean held-out F - F*",
            [suboptimality(rows, name, loss)
             for loss, rows in selected.items()]))
    return panels
