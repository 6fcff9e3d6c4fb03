"""Matrices and thresholds add to learned steps: Coupled-LISTA, which learns
both beside the step in each layer, has a lower gap than Step-LISTA at equal
depth. Their layers cost the same two products."""
from ci.claims.claim import Panel, Run
from ci.claims.networks import depths, gap_ratio, suboptimality
from ci.claims.parts import EXTENDED, STRONGER

from ._problems import MANY_SEEDS, REGS, data, lasso, problems
from .l12_constant_not_rate import DEEP, MATRICES, networks

TITLE = "Matrices and thresholds add to learned steps"
SOURCE = """The suite's own question. The papers that learn steps train
matrices by as many steps of gradient descent, see L3 and L4."""
CHANGES = """Both networks have the suite's training on 1000 samples, whose
validation keeps no matrices that only overfit: those of each depth start from
trained steps and from the matrices of the depth before, and the better network
counts."""


def runs(full):
    return [Run(lasso(*REGS), data(full), [*networks(full)], MANY_SEEDS)]


def check(df):
    return [gap_ratio(
        rows, MATRICES, DEEP, T, f"{place}, T = {T:g}", regime=EXTENDED,
        trainer=STRONGER, safeguarded=True)
        for place, rows in problems(df).items()
        for T in depths(rows, MATRICES)]


def figure(df):
    df = df[df["stop_val"] <= max(depths(df, MATRICES))]
    return [Panel(place, "layers T", "mean held-out F - F*", [
        suboptimality(rows, name) for name in (DEEP, MATRICES)])
        for place, rows in problems(df).items()]
