"""Deep layers only learn a step: on a 10 x 20 problem, lmbd = 0.1, 40 layers,
alpha_t/beta_t W_t aligns with D as t grows (the distance is lower over the
last quarter of the layers than over the first, and falls with t in rank),
trained layer by layer and all layers at once."""
import numpy as np
from scipy.stats import spearmanr

from ci.claim import Check, Curve, Panel, Run, by_seed, where

from ._problems import ABLIN, REGS, SMALL, lasso, layers, learned

TITLE = "Deep layers only learn a step"
SOURCE = f"{ABLIN}, theorem 4.3 and its numerical verification"

TRAININGS = {"layer by layer": True, "at once": False}
REG = "Lasso[reg=0.1]"
BIG = SMALL.replace("n_train=200", "n_train=1000")


def runs(full):
    T = 40 if full else 12
    regs = REGS[:1] if full else REGS  # shares its calls in quick mode
    return [Run(lasso(*regs), [BIG if full else SMALL], [
        learned("Coupled-LISTA", T, layerwise=layerwise)
        for layerwise in TRAININGS.values()])]


def quarters(values):
    """Medians over the first and the last quarter of the layers."""
    n = len(values) // 4
    return np.median(values[:n]), np.median(values[-n:])


def check(df):
    numbers, holds = {}, True
    df = where(df, objective=REG)
    for name, layerwise in TRAININGS.items():
        distance = layers(df, f"Coupled-LISTA[layerwise={layerwise}]",
                          "weight_distance")
        first, last = quarters(distance)
        trend = spearmanr(range(len(distance)), distance).statistic
        holds &= last < first and trend < 0
        numbers |= {f"last quarter / first, {name}": last / first,
                    f"first quarter, {name}": first,
                    f"last quarter, {name}": last,
                    f"rank correlation with t, {name}": trend}
    worst = max(v for k, v in numbers.items() if "last quarter /" in k)
    return Check(holds, {
        "distance, last quarter / first, worse training": worst, **numbers})


def per_layer(df, solver, column, label, **options):
    """A measure of each layer: median and range over the seeds."""
    values = np.array([layers(rows, solver, column)
                       for rows in by_seed(df).values()])
    return Curve(label, list(range(1, values.shape[1] + 1)),
                 np.median(values, axis=0).tolist(),
                 values.min(axis=0).tolist(), values.max(axis=0).tolist(),
                 **options)


def figure(df):
    df = where(df, objective=REG)
    return [Panel(
        "Coupled-LISTA, 10 x 20", "layer t", "||α/β W − D|| / ||D||",
        [per_layer(df, f"Coupled-LISTA[layerwise={layerwise}]",
                   "weight_distance", name)
         for name, layerwise in TRAININGS.items()], log="y")]
