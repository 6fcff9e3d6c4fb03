"""Two numbers explain learned steps: the steps of Chebyshev polynomials, whose
interval is tuned, make at least 90 % of what Step-LISTA gains over ISTA, in
orders of magnitude of the mean and of the median held-out gap."""
import numpy as np

from ci.claims.claim import Panel, Run, where
from ci.claims.effects import at, over_seeds, paired, quotients
from ci.claims.networks import depths, has_depth, stronger, suboptimality
from ci.claims.parts import EXTENDED, MARGIN, STRONGER, Part

from ._problems import (
    CODES,
    MANY_SEEDS,
    REGS,
    SMALL_CODES,
    WHITE,
    by_signals,
    lasso,
)

TITLE = "Two numbers explain learned steps"
SOURCE = """S. Takabe and T. Wadayama, Convergence acceleration via Chebyshev
step: plausible interpretation of deep-unfolded gradient descent, 2020,
arXiv:2010.13335, for least squares; for the Lasso it is the suite's own
question."""
CHANGES = """They tune nothing but take the interval from the spectrum; the
Lasso's is that of the supports met, which nobody knows beforehand."""

DEPTHS = 3, 5, 10


def networks(full):
    """The learned steps, and those of Chebyshev polynomials."""
    T = 10 if full else 5
    return stronger("Step-LISTA", T), stronger("Chebyshev-ISTA", T)


def runs(full):
    return [Run(lasso(*REGS), [CODES, WHITE] if full else [SMALL_CODES],
                ["ISTA", *networks(full)], MANY_SEEDS)]


def selectors(df):
    """The networks with which these results were made."""
    return networks(has_depth(df, 10))


def gains(df, name, T, statistic):
    """log10 of ISTA's mean or median gap over a network's, by seed; zero where
    the network gains nothing."""
    ista, own = zip(*(map(statistic, pair) for pair in paired(
        at(where(df, "ISTA"), T), at(where(df, name), T), "suboptimality")),
        strict=True)
    return np.maximum(np.log10(quotients(ista, own)), 0)


def check(df):
    learned, chebyshev = selectors(df)
    parts = []
    for place, rows in by_signals(df).items():
        parts += [Part(
            f"{place}, T = {T:g}",
            f"log-gain of the {statistic.__name__}, Chebyshev / learned steps",
            over_seeds(quotients(*(gains(rows, name, T, statistic)
                                   for name in (chebyshev, learned)))),
            1 - MARGIN, EXTENDED, STRONGER, True)
            for T in depths(rows, learned) if T in DEPTHS
            for statistic in (np.mean, np.median)]
    return parts


def figure(df):
    learned, chebyshev = selectors(df)
    df = df[df["stop_val"] <= max(depths(df, learned))]
    return [Panel(place, "iterations or layers T", "mean held-out F - F*", [
        suboptimality(rows, name)
        for name in ("ISTA", learned, chebyshev)])
        for place, rows in by_signals(df).items()]
