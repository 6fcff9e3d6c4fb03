"""Deep layers only learn a step: on a 10 x 20 problem, lmbd = 0.1, 40 layers,
alpha_t/beta_t W_t aligns with D as t grows: the distance is lower over the
last quarter of the layers than over the first, and falls with t in rank.
Judged on networks trained layer by layer, whose new layers start at D, as in
the authors' package. Trained all at once, with as many updates of each layer,
matrices hardly leave D at any depth: shown, not judged."""
import numpy as np
from scipy.stats import spearmanr

from ci.claims.claim import Check, Curve, Panel, Run, by_seed, where

from ._problems import ABLIN, REGS, SMALL, TALK, depth, lasso, layers, learned

TITLE = "Deep layers only learn a step"
SOURCE = f"{ABLIN}; {TALK}"

TRAININGS = {"layer by layer": "network", "at once": "none"}
REG = "Lasso[reg=0.1]"
BIG = SMALL.replace("n_train=200", "n_train=1000")


def runs(full):
    T = 40 if full else depth(full)
    regs = REGS[:1] if full else REGS  # shares its calls in quick mode
    return [Run(lasso(*regs), [BIG if full else SMALL], [
        learned("Coupled-LISTA", T, layerwise=layerwise, measure_layers=True)
        for layerwise in TRAININGS.values()])]


def quarters(values):
    """Medians over the first and the last quarter of the layers."""
    n = len(values) // 4
    return np.median(values[:n]), np.median(values[-n:])


def check(df):
    df = where(df, objective=REG)
    distance, at_once = (
        layers(df, f"Coupled-LISTA[layerwise={layerwise}]", "weight_distance")
        for layerwise in TRAININGS.values())
    first, last = quarters(distance)
    trend = spearmanr(range(len(distance)), distance).statistic
    return Check(last < first and trend < 0, {
        "distance to D, last quarter / first": last / first,
        "first quarter": first,
        "last quarter": last,
        "rank correlation with t": trend,
        "layers that training left at D": distance.count(0),
        "all at once: largest distance": max(at_once),
        "all at once: layers left at D": at_once.count(0),
    })


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
