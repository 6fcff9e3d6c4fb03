"""Lagrangian proximal gradient descent trains faster than gradient descent
through the implicit derivative, even where that derivative is informative: at
equal outer steps its training loss is lower."""
from ci.claims.claim import Panel, Run, band, selected, where
from ci.claims.parts import EXTENDED, STAND_IN

from ._layers import (
    PAULUS,
    VARIANTS,
    loss_ratio,
    lpgd,
    short,
    simplex,
    tuned,
)

TITLE = "Lagrangian PGD trains faster than gradient descent"
SOURCE = f"{PAULUS}, abstract and experiments"
CHANGES = """The source learns Sudoku's rules and a multi-period Markowitz
policy by conic programs; here an expert is imitated on the simplex, from an
informative derivative (gamma = 3 and 1) to one that is 0 for most samples
(0.01), a one-period portfolio is tuned, and l_1 weights are learned: this
stands in. Steps of all methods were tuned on other seeds, on one grid, LPGD's
for each of four tau. Equal solves of the layer, held-out loss, Adam and
Fenchel-Young losses are the suite's."""

IMPLICIT = tuned("Implicit")
CONVEX = tuned("Fenchel-Young")
SOLVERS = [IMPLICIT, *map(lpgd, VARIANTS)]
ADAM = [tuned("Implicit", "adam"), lpgd("lower", "adam")]
PLACES = {
    simplex(3.0): "simplex, gamma = 3", simplex(1.0): "simplex, gamma = 1",
    simplex(0.1): "simplex, gamma = 0.1",
    simplex(0.01): "simplex, gamma = 0.01, derivative vanishes",
    "Portfolio[risk=1.0]": "portfolio",
    "Weighted-l1[weight=0.4]": "l1 weights from 0.4",
}
MORE_PLACES = {
    "Weighted-l1[weight=2.0]": "l1 weights from 2",
    "Weighted-l1[weight=0.05]": "l1 weights from 0.05",
    "Ranking[gamma=1.0]": "ranking, gamma = 1",
    "Ranking[gamma=0.01]": "ranking, gamma = 0.01, derivative vanishes",
}
"""The quick mode runs these, and so does the full one."""


def runs(full):
    return [Run(["Layer[max_iter=100]"],
                [*(PLACES | MORE_PLACES if full else PLACES)],
                [*SOLVERS, CONVEX, *ADAM], 10 if full else 5)]


def places(df):
    """Name -> rows of each problem that was run."""
    return {name: where(df, dataset=selector)
            for selector, name in (PLACES | MORE_PLACES).items()
            if selected(df["dataset_name"], [selector]).any()}


def check(df):
    parts = []
    for place, rows in places(df).items():
        for variant in VARIANTS:
            pair = lpgd(variant), IMPLICIT
            parts += [loss_ratio(rows, *pair, place, regime=STAND_IN),
                      loss_ratio(rows, *pair, place, solves=True,
                                 regime=EXTENDED)]
        parts += [
            loss_ratio(rows, lpgd("lower"), IMPLICIT, place, "test_loss",
                       regime=EXTENDED),
            loss_ratio(rows, ADAM[1], ADAM[0], place, regime=EXTENDED),
            loss_ratio(rows, lpgd("lower"), CONVEX, place, regime=EXTENDED)]
    return parts


def figure(df):
    return [
        Panel(place, label, "training loss", [
            band(where(rows, solver), "objective_train_loss", short(solver),
                 x=x) for solver in [*SOLVERS, CONVEX]], log="y")
        for place, rows in places(df).items()
        for x, label in (("stop_val", "outer steps"),
                         ("objective_n_solves", "solves of the layer"))]
