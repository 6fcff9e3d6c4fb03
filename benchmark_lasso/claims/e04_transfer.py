"""A network carries over: trained at another penalty or at many, for a
dictionary of the same kind, on noisy or on white signals, its learned steps or
penalties still have a lower gap than the methods that learn nothing."""
from ci.claims.claim import Panel, Run
from ci.claims.networks import (
    depths,
    gap_ratio,
    stronger,
    suboptimality,
)
from ci.claims.parts import EXTENDED, STRONGER
from ci.names import class_of

from ._problems import REGS, lasso

TITLE = "A network carries over"
SOURCE = "The suite's own question: practitioners ask it first."
CHANGES = """The gap is that of the problems of every row's own test set, which
is the same for all: x = D z with normal codes. Networks are run as they were
trained, their learned numbers unchanged."""

ELSEWHERE = {
    "same": "the same", "signals": "white signals", "noise": "noisy signals",
    "reg": "reg 0.3", "regs": "reg 0.1 to 0.8",
    "dictionary": "another dictionary"}
"""Where networks are trained -> in words."""
LEARNED = "Step-LISTA", "Learned-FISTA", "Step-ADMM"
FREE = ["SpaRSA", "ADMM"]


def names(full):
    """The selectors of the networks."""
    return [stronger(name, 10 if full else 5) for name in LEARNED]


def runs(full):
    size = ("n_dim=64,n_atoms=256,n_train=1000,n_test=500" if full
            else "n_dim=10,n_atoms=20,n_train=200,n_test=100")
    return [Run(lasso(*REGS), [f"Transfer[{size},train={train}]"
                               for train in ELSEWHERE],
                [*names(full), *FREE])]


def by_training(df):
    """Name -> rows of each place of the training, and reg."""
    return {f"trained on {ELSEWHERE[train]}, reg {reg:g}": rows
            for (train, reg), rows in df.groupby(
                ["p_dataset_train", "p_obj_reg"])}


def selectors(df):
    """The networks with which these results were made."""
    return names(df["solver_name"].str.contains("max_layers=10").any())


def check(df):
    parts = []
    for place, rows in by_training(df).items():
        for name in selectors(df):
            T = max(depths(rows, name))
            parts += [gap_ratio(
                rows, name, rival, T, f"{place}, T = {T:g}",
                regime=EXTENDED, trainer=STRONGER, safeguarded=True)
                for rival in FREE]
    return parts


def figure(df):
    panels = []
    for reg, rows in df.groupby("p_obj_reg"):
        for name in selectors(df):
            deepest = max(depths(rows, name))
            within = rows[rows["stop_val"] <= deepest]
            panels.append(Panel(
                f"{class_of(name)}, reg {reg:g}", "iterations or layers T",
                "mean F - F*", [
                    *(suboptimality(within[
                        within["p_dataset_train"] == train], name, words)
                      for train, words in ELSEWHERE.items()),
                    *(suboptimality(within[
                        within["p_dataset_train"] == "same"], rival
                    )._replace(dash="dash") for rival in FREE)]))
    return panels
