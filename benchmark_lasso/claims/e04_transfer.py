"""A network carries over: trained at another penalty or at many, for a
dictionary of the same kind, on noisy or on white signals, its learned steps or
penalties have no higher gap than those that are trained in place."""
from ci.claims.claim import Panel, Run, where
from ci.claims.effects import at, compare
from ci.claims.networks import depths, has_depth, stronger, suboptimality
from ci.claims.parts import EXTENDED, NO_WORSE, STRONGER, Part
from ci.names import class_of

from ._problems import MANY_SEEDS, REGS, lasso

TITLE = "A network carries over"
SOURCE = "The suite's own question: practitioners ask it first."
CHANGES = """The gap is that of one test set wherever a network is trained: x =
D z with normal codes. Networks are run as they were trained, their learned
numbers unchanged. What learns nothing is in the figure alone: claim E1
compares with it."""

HERE = "same"
ELSEWHERE = {
    "signals": "white signals", "noise": "noisy signals", "reg": "reg 0.3",
    "regs": "reg 0.1 to 0.8", "dictionary": "another dictionary"}
"""Where networks are trained, but for the same problems -> in words."""
LEARNED = "Step-LISTA", "Learned-FISTA", "Step-ADMM"
FREE = ["SpaRSA", "ADMM"]


def names(full):
    """The selectors of the networks."""
    return [stronger(name, 10 if full else 5) for name in LEARNED]


def runs(full):
    size = ("n_dim=64,n_atoms=256,n_train=1000,n_test=500" if full
            else "n_dim=10,n_atoms=20,n_train=200,n_test=100")
    here, *elsewhere = (f"Transfer[{size},train={train}]"
                        for train in (HERE, *ELSEWHERE))
    return [Run(lasso(*REGS), [here], [*names(full), *FREE], MANY_SEEDS),
            Run(lasso(*REGS), elsewhere, names(full), MANY_SEEDS)]


def selectors(df):
    """The networks with which these results were made."""
    return names(has_depth(df, 10))


def check(df):
    parts = []
    for reg, rows in df.groupby("p_obj_reg"):
        by_training = dict(iter(rows.groupby("p_dataset_train")))
        for name in selectors(df):
            T = max(depths(rows, name))
            here, *elsewhere = (
                at(where(by_training[train], name), T)
                for train in (HERE, *ELSEWHERE))
            parts += [Part(
                f"trained on {words}, reg {reg:g}, T = {T:g}",
                f"gap of {class_of(name)}, trained in place / elsewhere",
                compare(there, here), NO_WORSE, EXTENDED, STRONGER, True)
                for words, there in zip(
                    ELSEWHERE.values(), elsewhere, strict=True)]
    return parts


def figure(df):
    panels = []
    for reg, rows in df.groupby("p_obj_reg"):
        for name in selectors(df):
            within = rows[rows["stop_val"] <= max(depths(df, name))]
            of_training = dict(iter(within.groupby("p_dataset_train")))
            panels.append(Panel(
                f"{class_of(name)}, reg {reg:g}", "iterations or layers T",
                "mean F - F*", [
                    *(suboptimality(of_training[train], name, words)
                      for train, words in (
                          {HERE: "in place"} | ELSEWHERE).items()),
                    *(suboptimality(of_training[HERE], rival)._replace(
                        dash="dash") for rival in FREE)]))
    return panels
