"""A layer has every solution of the Lasso as a fixed point if and only if it
is a step of ISTA, alpha/beta W = D: such layers leave the solutions where they
are, and layers with a perturbed W do not. The residual of trained deep layers
tends to 0: of the layers that training moved, the last quarter moves the
solutions less than the first."""
import numpy as np

from ci.claims.claim import Curve, Panel, Run, by_seed
from ci.claims.effects import over_seeds
from ci.claims.networks import layers, untrained
from ci.claims.parts import (
    EXTENDED,
    PUBLISHED,
    RATIO,
    STAND_IN,
    Part,
    theorem,
)

from ._problems import ABLIN, SMALL_CODES, TALK, lasso
from .l06_deep_layers import (
    BIG,
    MOVED,
    N_SEEDS,
    NETWORK,
    falls_with_depth,
    of_layers,
    per_layer,
)
from .l06_deep_layers import CHANGES as CHANGES
from .l06_deep_layers import networks as trained_networks

TITLE = "Only layers of ISTA keep the solutions"
SOURCE = f"{ABLIN}, theorem on the coupling of weights; {TALK}"

EXACT = 1e-6
"""Relative residual of a solution whose relative duality gap is 1e-12: the
distance to the optimum is of the order of the gap's square root."""


def ista_layers(full):
    """The untrained network, whose layers are steps of ISTA."""
    return untrained(NETWORK, 40 if full else 12, measure_layers=True)


def runs(full):
    return [Run(lasso(0.1), [BIG if full else SMALL_CODES], [
        ista_layers(full), *trained_networks(full).values()],
        N_SEEDS if full else 5)]


def untrained_layers(df, column):
    """A measure of the layers of ISTA, an array (n_seeds, n_layers)."""
    name = ista_layers(df["stop_val"].max() == 40)
    return np.array([layers(rows, name, column)
                     for rows in by_seed(df).values()])


def check(df):
    exact = untrained_layers(df, "fixed_point").max()
    away = untrained_layers(df, "fixed_point_perturbed").min()
    residual = of_layers(df, "fixed_point")
    moved = of_layers(df, "weight_distance")["from D"] > MOVED
    n = residual["perturbed"].shape[1] // 4
    ratio = np.log(residual["perturbed, untrained"] / residual["perturbed"])
    return [
        theorem("layers of ISTA", f"{EXACT:g} / largest residual",
                EXACT / max(exact, 1e-300)),
        theorem("layers of ISTA, perturbed W",
                f"smallest residual / {EXACT:g}", away / EXACT),
        Part("trained layers that moved, from D",
             "residual, first / last quarter",
             over_seeds(falls_with_depth(residual["from D"], moved), RATIO,
                        moved=moved.mean()),
             regime=STAND_IN, trainer=PUBLISHED, safeguarded=False),
        Part("last quarter, from perturbed W",
             "residual, untrained / trained",
             over_seeds(np.exp(ratio[:, -n:].mean(axis=1)), RATIO),
             regime=EXTENDED, trainer=PUBLISHED, safeguarded=False),
    ]


def figure(df):
    residual = of_layers(df, "fixed_point")
    distance = of_layers(df, "weight_distance")
    curves = [per_layer(untrained_layers(df, column), label)
              for column, label in (("fixed_point", "ISTA"), (
                  "fixed_point_perturbed", "ISTA, perturbed W"))]
    return [
        Panel("Residual of the layers at the solutions", "layer t",
              "||layer(z*) − z*|| / ||z*||",
              [*(per_layer(values, label)
                 for label, values in residual.items()), *curves], log="y"),
        Panel("The less it is D, the more it moves the solutions",
              "||α/β W − D|| / ||D||", "||layer(z*) − z*|| / ||z*||",
              [Curve(label, distance[label].ravel().tolist(),
                     values.ravel().tolist(), mode="markers")
               for label, values in residual.items()]),
    ]
