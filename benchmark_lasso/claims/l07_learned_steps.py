"""Learned steps exceed 1/L and are "linked to the distribution of 1/L_S", the
inverse Lipschitz constants of the supports met: they lie between its 10 %
quantile and the 90 % quantile of 2/L_S, and rise and fall with its median from
layer to layer; they grow as z gets sparser."""
import numpy as np
from scipy.optimize import minimize
from scipy.stats import spearmanr

from ci.claims.claim import Curve, Panel, Run, by_seed, selected
from ci.claims.effects import over_seeds, quotients
from ci.claims.networks import layers, published, stronger
from ci.claims.parts import (
    BETTER,
    DIFFERENCE,
    EXTENDED,
    NO_WORSE,
    PUBLISHED,
    RATIO,
    STRONGER,
    Part,
)

from ._problems import ABLIN, SMALL_CODES, TALK, lasso
from .l06_deep_layers import per_layer

TITLE = "Learned steps follow 1/L_S"
SOURCE = f"{ABLIN}, figure of the learned steps; {TALK}"
CHANGES = """Trained longer, and by the suite, the same problem is an extended
regime. Three controls are the suite's: the constant step 2/L, which may lie in
the band too; the number of the layer, with which 1/L_S grows as supports
shrink; and the steps of Chebyshev polynomials (S. Takabe and T. Wadayama,
arXiv:2010.13335), which explain the sizes of learned steps by nothing but an
interval of the spectrum. Two numbers are fitted for either
explanation: the interval, and the factor and power of 1/L_S."""

T, N_SEEDS = 20, 10
BIG = SMALL_CODES.replace("n_train=200", "n_train=1000")
REG, SPARSER = 0.2, 0.8
NETWORKS = {
    "as published, 100 steps": published(
        "Step-LISTA", T, 100, measure_layers=True),
    "as published, 1000 steps": published(
        "Step-LISTA", T, 1000, measure_layers=True),
    "stronger training": stronger("Step-LISTA", T, measure_layers=True),
}
FIRST, LAST = next(iter(NETWORKS)), next(reversed(NETWORKS))


def runs(full):
    networks = [*NETWORKS.values()] if full else [
        NETWORKS[FIRST], NETWORKS[LAST]]
    return [Run(lasso(REG, SPARSER), [BIG if full else SMALL_CODES],
                networks, N_SEEDS if full else 5)]


def labels(df):
    """The labels of the networks that these results are of."""
    return [label for label, name in NETWORKS.items()
            if selected(df["solver_name"], [name]).any()]


def circumstances(label):
    """The fields of Part that say how a network was trained."""
    own = label.startswith("stronger")
    regime = {} if label == FIRST else {"regime": EXTENDED}
    return {**regime, "safeguarded": own,
            "trainer": STRONGER if own else PUBLISHED}


def measured(df, label, column):
    """A measure of the layers, an array (n_seeds, n_layers)."""
    return np.array([layers(rows, NETWORKS[label], column)
                     for rows in by_seed(df).values()])


def at_reg(df, reg):
    return df[df["p_obj_reg"] == reg]


def check(df):
    parts, rows = [], at_reg(df, REG)
    inverse_L = np.array([of["objective_inverse_L"].dropna().iloc[0]
                          for of in by_seed(rows).values()])[:, None]
    for label in labels(df):
        place, how = f"10 x 20, reg {REG:g}, {label}", circumstances(label)
        steps, low, median, high = (
            measured(rows, label, column) for column in
            ("steps", "inverse_L_S_q10", "inverse_L_S_median",
             "inverse_L_S_q90"))
        met = ~np.isnan(median)  # no support before the first layer

        def inside(step, low=low, high=high, met=met):
            return share((low <= step) & (step <= 2 * high), met)

        pairs = [(s[m], v[m]) for s, v, m in zip(
            steps, median, met, strict=True)]
        sparser = measured(at_reg(df, SPARSER), label, "steps")
        constant = np.broadcast_to(2 * inverse_L, steps.shape)
        parts += [
            Part(place, "share of steps above 1/L",
                 over_seeds((steps > inverse_L).mean(axis=1)), 0.9, **how),
            Part(place, "share of steps in the band of 1/L_S to 2/L_S",
                 over_seeds(inside(steps)), 0.9, **how),
            Part(place, "rank correlation with the median 1/L_S",
                 over_seeds([rank_correlation(*pair) for pair in pairs]),
                 BETTER, **how),
            Part(f"10 x 20, {label}",
                 f"mean step at reg {SPARSER:g} / at {REG:g}",
                 over_seeds(geometric(sparser) / geometric(steps), RATIO),
                 BETTER, **how),
            *controls(place, how | {"regime": EXTENDED}, pairs,
                      inside(steps) - inside(constant))]
    return parts


def controls(place, how, pairs, of_constant):
    """The parts of the suite's own controls.

    Parameters
    ----------
    place : str
    how : dict, fields of Part
    pairs : list of (ndarray, ndarray), the steps and the medians of 1/L_S, in
        the layers that have met a support, of each seed
    of_constant : ndarray, shape (n_seeds,), the share of steps in the band
        less that of 2/L
    """
    by_layer = [rank_correlation(*pair)
                - rank_correlation(pair[0], np.arange(len(pair[0])))
                for pair in pairs]
    errors = zip(*((chebyshev_error(steps), support_error(steps, median))
                   for steps, median in pairs), strict=True)
    return [
        Part(place, "share in the band, of learned steps - of 2/L",
             over_seeds(of_constant, DIFFERENCE), BETTER, **how),
        Part(place, "rank correlation with 1/L_S - with the layer number",
             over_seeds(by_layer, DIFFERENCE), BETTER, **how),
        Part(place, "error of Chebyshev's steps / of 1/L_S",
             over_seeds(quotients(*errors), RATIO), NO_WORSE, **how)]


def rank_correlation(steps, others):
    """Spearman's, 0 where one of the two is constant."""
    if np.ptp(steps) == 0 or np.ptp(others) == 0:
        return 0.0
    return spearmanr(steps, others).statistic


def share(true, counted):
    """The share of the layers counted for which it is true, for each seed."""
    return (true & counted).sum(axis=1) / counted.sum(axis=1)


def geometric(steps):
    """The geometric mean over the layers, for each seed."""
    return np.exp(np.log(steps).mean(axis=1))


def support_error(steps, median):
    """How far log steps are from those of 1/L_S: root mean square, once a
    factor and a power are fitted, and both are sorted."""
    sorted_, of_support = np.sort(np.log(steps)), np.sort(np.log(median))
    basis = np.stack([np.ones_like(of_support), of_support], axis=1)
    fitted = basis @ np.linalg.lstsq(basis, sorted_, rcond=None)[0]
    return np.sqrt(np.mean((fitted - sorted_) ** 2))


def chebyshev_error(steps):
    """How far sorted log steps are from those of Chebyshev polynomials: root
    mean square, once the interval of the spectrum is fitted."""
    sorted_ = np.sort(np.log(steps))
    nodes = np.cos(np.pi * (np.arange(len(steps)) + 0.5) / len(steps))

    def error(interval):
        low, width = np.exp(interval)
        roots = low + width * (1 + nodes) / 2
        return np.sqrt(np.mean((np.sort(-np.log(roots)) - sorted_) ** 2))

    spread = np.exp(-sorted_.max()), np.exp(-sorted_.min())
    start = np.log([spread[0], max(spread[1] - spread[0], 1e-9)])
    return minimize(error, start, method="Nelder-Mead").fun


def figure(df):
    panels = []
    for label in labels(df):
        rows = at_reg(df, REG)
        one = per_layer(measured(rows, label, "inverse_L_S_median"), "")
        low, high = (measured(rows, label, f"inverse_L_S_{q}")
                     for q in ("q10", "q90"))
        shown = slice(1, None)  # no support before the first layer
        inverse_L = rows["objective_inverse_L"].median()
        panels.append(Panel(f"{label}, reg {REG:g}", "layer t", "step", [
            per_layer(measured(rows, label, "steps"), "learned step"),
            Curve("1/L_S, 10 % to 2/L_S, 90 %", one.x[shown], one.y[shown],
                  np.median(low, axis=0)[shown].tolist(),
                  (2 * np.median(high, axis=0))[shown].tolist(),
                  mode="lines"),
            Curve("1/L", one.x, [inverse_L] * len(one.x), mode="lines",
                  dash="dash")], log="y"))
    return panels
