"""Supervised training solves the inverse problem (error to the true code),
semi-supervised and unsupervised training solve the Lasso (F): each wins on its
own metric, on held-out samples, for the deepest network."""
from ci.claim import Check, Panel, Run, band, where

from ._problems import TALK, lasso, learned, suboptimality

SOURCE = f"""{TALK}; P. Ablin, Deep learning for inverse problems: solving the
Lasso with neural networks (talk, 2019)"""

NAMES = ["Step-LISTA", "Coupled-LISTA"]
LOSSES = ["supervised", "semi-supervised", "unsupervised"]


def runs(full):
    size, T = (
        ("n_dim=64,n_atoms=256,signals=codes,n_train=1000,n_test=500", 12)
        if full else
        ("n_dim=10,n_atoms=20,signals=codes,n_train=200,n_test=100", 8))
    return [Run(lasso(0.1), [f"Simulated[{size}]"], [
        learned(name, T, loss) for name in NAMES for loss in LOSSES])]


def check(df):
    numbers, holds = {}, True
    for name in NAMES:
        last = {loss: where(df, f"{name}[loss={loss}]").iloc[-1]
                for loss in LOSSES}
        error = {k: v["objective_nmse_db"] for k, v in last.items()}
        cost = {k: v["objective_suboptimality"] for k, v in last.items()}
        holds &= error["supervised"] < min(
            error["semi-supervised"], error["unsupervised"])
        holds &= cost["supervised"] > max(
            cost["semi-supervised"], cost["unsupervised"])
        for loss in LOSSES:
            numbers[f"{name}, {loss}: NMSE [dB]; F - F*"] = (
                f"{error[loss]:.3g}; {cost[loss]:.2e}")
    return Check(bool(holds), numbers)


def figure(df):
    panels = []
    for name in NAMES:
        selected = {loss: where(df, f"{name}[loss={loss}]")
                    for loss in LOSSES}
        panels.append(Panel(
            f"{name}: the inverse problem", "layers T", "NMSE [dB]",
            [band(rows, "objective_nmse_db", loss)
             for loss, rows in selected.items()], log=""))
        panels.append(Panel(
            f"{name}: the Lasso", "layers T", "mean held-out F - F*",
            [suboptimality(rows, name, loss)
             for loss, rows in selected.items()]))
    return panels
