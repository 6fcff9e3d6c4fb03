"""Two numbers explain learned steps: the steps of Chebyshev polynomials, whose
interval is tuned, make at least 90 % of what Step-LISTA gains over ISTA, in
orders of magnitude."""
import numpy as np

from ci.claims.claim import Panel, Run, by_seed, where
from ci.claims.effects import at, over_seeds
from ci.claims.networks import depths, has_depth, stronger, suboptimality
from ci.claims.parts import EXTENDED, MARGIN, STRONGER, Part

from ._problems import (
    CODES,
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


def networks(full):
    """The learned steps, and those of Chebyshev polynomials."""
    T = 10 if full else 5
    return stronger("Step-LISTA", T), stronger("Chebyshev-ISTA", T)


def runs(full):
    return [Run(lasso(*REGS), [CODES, WHITE] if full else [SMALL_CODES],
                ["ISTA", *networks(full)])]


def selectors(df):
    """The networks with which these results were made."""
    return networks(has_depth(df, 10))


def gains(df, name, T):
    """log10 of ISTA's mean gap over a network's, by seed."""
    gap = {key: np.array([rows["objective_suboptimality"].iloc[0] for rows in
                          by_seed(at(where(df, key), T)).values()])
           for key in ("ISTA", name)}
    return np.log10(gap["ISTA"] / gap[name])


def check(df):
    learned, chebyshev = selectors(df)
    parts = []
    for place, rows in by_signals(df).items():
        T = max(depths(rows, learned))
        parts.append(Part(
            f"{place}, T = {T:g}", "log-gain, Chebyshev / learned steps",
            over_seeds(gains(rows, chebyshev, T) / gains(rows, learned, T)),
            1 - MARGIN, EXTENDED, STRONGER, True))
    return parts


def figure(df):
    learned, chebyshev = selectors(df)
    df = df[df["stop_val"] <= max(depths(df, learned))]
    return [Panel(place, "iterations or layers T", "mean held-out F - F*", [
        suboptimality(rows, name)
        for name in ("ISTA", learned, chebyshev)])
        for place, rows in by_signals(df).items()]
