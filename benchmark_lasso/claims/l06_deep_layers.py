"""Deep layers only learn a step: on a 10 x 20 problem with lmbd = 0.1 and 40
layers, alpha_t/beta_t W_t aligns with D as t grows. Of the layers that
training moved, the last quarter is closer to D than the first."""
import numpy as np

from ci.claims.claim import Curve, Panel, Run, by_seed
from ci.claims.effects import over_seeds
from ci.claims.networks import layers, published, stronger, untrained
from ci.claims.parts import (
    EXTENDED,
    PUBLISHED,
    RATIO,
    STAND_IN,
    STRONGER,
    Part,
)

from ._problems import ABLIN, SMALL_CODES, TALK, lasso

TITLE = "Deep layers only learn a step"
SOURCE = f"{ABLIN}, figure of the alignment of weights; {TALK}"
CHANGES = """1000 steps of descent stand in for the authors' 10^4 at most. The
coupled LISTA here has a threshold for each atom. Layers that start at D and
are left there say nothing: in the suite's extended regime all start from
perturbed W (20 % of each), and the last quarter is compared with what it was
untrained."""

NETWORK, PERTURBATION = "Coupled-LISTA", 0.2
BIG = SMALL_CODES.replace("n_train=200", "n_train=1000")
N_SEEDS = 10
MOVED = 1e-6
"""Relative distance from D from which on a layer has been moved."""


def networks(full):
    """Label -> selector of the networks whose layers are measured."""
    T, steps = (40, 1000) if full else (12, 100)
    options = {"measure_layers": True}
    return {
        "from D": published(NETWORK, T, steps, **options),
        "perturbed": published(
            NETWORK, T, steps, perturbation=PERTURBATION, **options),
        "perturbed, stronger": stronger(
            NETWORK, T, perturbation=PERTURBATION, **options),
        "perturbed, untrained": untrained(
            NETWORK, T, perturbation=PERTURBATION, **options),
    }


def runs(full):
    return [Run(lasso(0.1), [BIG if full else SMALL_CODES],
                [*networks(full).values()], N_SEEDS if full else 5)]


def of_layers(df, column):
    """Label -> a measure of each layer, an array (n_seeds, n_layers)."""
    full = df["stop_val"].max() == 40
    return {label: np.array([layers(rows, name, column)
                             for rows in by_seed(df).values()])
            for label, name in networks(full).items()}


def quarters(values, kept):
    """Geometric means over the first and the last quarter of the layers kept.

    NaN where fewer than four are kept.
    """
    values = values[kept]
    n = len(values) // 4
    if not n:
        return np.nan, np.nan
    return [np.exp(np.log(part).mean()) for part in (values[:n], values[-n:])]


def falls_with_depth(of, kept):
    """First quarter over last, for each seed."""
    pairs = [quarters(row, k) for row, k in zip(of, kept, strict=True)]
    return [first / last for first, last in pairs]


def check(df):
    distance = of_layers(df, "weight_distance")
    moved = distance["from D"] > MOVED
    parts = [Part(
        "layers that moved, from D", "distance to D, first / last quarter",
        over_seeds(falls_with_depth(distance["from D"], moved), RATIO,
                   moved=moved.mean()),
        regime=STAND_IN, trainer=PUBLISHED, safeguarded=False)]
    for label, trainer, safe in (("perturbed", PUBLISHED, False),
                                 ("perturbed, stronger", STRONGER, True)):
        trained, before = distance[label], distance["perturbed, untrained"]
        n = trained.shape[1] // 4
        parts += [Part(
            f"{place} quarter, from perturbed W",
            "distance to D, untrained / trained",
            over_seeds(np.exp(np.log(before / trained)[:, of].mean(axis=1)),
                       RATIO),
            regime=EXTENDED, trainer=trainer, safeguarded=safe)
            for place, of in (("last", slice(-n, None)),
                              ("first", slice(None, n)))]
    return parts


def per_layer(values, label, **options):
    """A measure of each layer: median and range over the seeds."""
    return Curve(label, list(range(1, values.shape[1] + 1)),
                 np.median(values, axis=0).tolist(),
                 values.min(axis=0).tolist(), values.max(axis=0).tolist(),
                 **options)


def figure(df):
    return [Panel(
        f"{NETWORK}, 10 x 20", "layer t", "||α/β W − D|| / ||D||",
        [per_layer(np.maximum(values, MOVED), label)
         for label, values in of_layers(df, "weight_distance").items()],
        log="y")]
