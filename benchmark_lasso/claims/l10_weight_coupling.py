"""A layer has every solution of the Lasso as a fixed point if and only if it
is a step of ISTA, alpha/beta W = D: such layers leave the solutions where they
are, layers with a perturbed W never do, and the residual of trained layers
falls with depth (lower over the last quarter than over the first)."""
from ci.claims.claim import Check, Curve, Panel, Run, by_seed, where

from ._problems import ABLIN, REGS, SMALL, TALK, depth, lasso, layers, learned
from .l06_deep_layers import BIG, REG, per_layer, quarters

TITLE = "Only layers of ISTA keep the solutions"
SOURCE = f"{ABLIN}; {TALK}"

TRAINED = "Coupled-LISTA[loss=unsupervised]"
ISTA_LAYERS = "Coupled-LISTA[loss=none]"
EXACT = 1e-6
"""Relative residual of a solution whose relative duality gap is 1e-12: the
distance to the optimum is of the order of the gap's square root."""


def runs(full):
    T = 40 if full else depth(full)
    regs = REGS[:1] if full else REGS  # shares its calls in quick mode
    return [Run(lasso(*regs), [BIG if full else SMALL], [
        learned("Coupled-LISTA", T, loss, measure_layers=True)
        for loss in ("unsupervised", "none")])]


def check(df):
    df = where(df, objective=REG)
    exact = max(layers(df, ISTA_LAYERS, "fixed_point"))
    away = min(layers(df, ISTA_LAYERS, "fixed_point_perturbed"))
    first, last = quarters(layers(df, TRAINED, "fixed_point"))
    perturbed = min(layers(df, TRAINED, "fixed_point_perturbed"))
    return Check(
        exact <= EXACT and min(away, perturbed) > 1000 * EXACT
        and last < first,
        {"trained layers: residual, last quarter / first": last / first,
         "trained layers: residual, first quarter": first,
         "trained layers: residual, last quarter": last,
         "ISTA layers: largest residual": exact,
         "ISTA layers, perturbed W: smallest residual": away,
         "trained layers, perturbed W: smallest residual": perturbed})


def figure(df):
    df = where(df, objective=REG)
    curves = [per_layer(df, solver, column, label) for solver, column, label in
              [(TRAINED, "fixed_point", "trained"),
               (TRAINED, "fixed_point_perturbed", "trained, perturbed W"),
               (ISTA_LAYERS, "fixed_point", "ISTA"),
               (ISTA_LAYERS, "fixed_point_perturbed", "ISTA, perturbed W")]]
    points = [(d, r) for rows in by_seed(df).values() for d, r in zip(
        layers(rows, TRAINED, "weight_distance"),
        layers(rows, TRAINED, "fixed_point"), strict=True)]
    x, y = map(list, zip(*points, strict=True))
    return [
        Panel("Residual of the layers at the solutions", "layer t",
              "||layer(z*) − z*|| / ||z*||", curves, log="y"),
        Panel("The less it is D, the more it moves the solutions",
              "||α/β W − D|| / ||D||", "||layer(z*) − z*|| / ||z*||",
              [Curve("trained layers", x, y, mode="markers")]),
    ]
