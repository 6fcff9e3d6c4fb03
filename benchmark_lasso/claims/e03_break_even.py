"""Training pays within a million problems: with its training, a network of
learned steps or penalties has solved them to its own accuracy sooner than
SpaRSA, than ADMM, and than the exact solver of the whole batch."""
import re

import numpy as np

from ci.claims.claim import Panel, Run, band, by_seed, where
from ci.claims.effects import CONVERGED, over_seeds
from ci.claims.networks import depths, has_depth, stronger
from ci.claims.parts import EXTENDED, RATIO, STRONGER, Part
from ci.curves import read_curve
from ci.names import class_of

from ._problems import (
    CODES,
    MANY_SEEDS,
    REGS,
    SMALL_CODES,
    WHITE,
    by_signals,
    lasso,
)

TITLE = "Training pays within a million problems"
SOURCE = "The suite's own question."
CHANGES = """Times are those of 10^4 test samples together, on one machine:
with few of them a call's overhead would decide. That of a rival is when its
mean gap is as low as the network's: on the line of time and log gap between
two of its iterations; of Active-set, which runs to a tolerance, that of the
first run that ends there, of those to 0.1, 0.01, 10^-3, 10^-6 and so on. What
a rival computes before its first iterate, ||D||^2 or a factorisation, counts
once, as the training does; that of Active-set, D'D, is not told apart, and
counts for each test set."""

LEARNED = "Step-LISTA", "Step-ADMM"
RIVALS = ["SpaRSA", "ADMM", "Active-set"]
MANY = 1e6
RESOLVED = 1e-15
"""Gaps below count as this: their logarithms would be of rounding errors."""


def networks(full):
    """The networks, as the suite trains them."""
    return [stronger(name, 10 if full else 5) for name in LEARNED]


def runs(full):
    sets = [CODES, WHITE] if full else [SMALL_CODES]
    return [Run(lasso(*REGS),
                [re.sub(r"n_test=\d+", "n_test=10000", of) for of in sets],
                [*RIVALS, *networks(full)], MANY_SEEDS)]


def selectors(df):
    """The networks with which these results were made."""
    return networks(has_depth(df, 10))


def share_of_many(rows, rival, learned):
    """MANY over the problems from which on training pays; 0 if it never does.

    Parameters
    ----------
    rows : DataFrame, of one seed
    rival, learned : str, selectors
    """
    last, theirs = where(rows, learned).iloc[-1], where(rows, rival)
    time = seconds_to(theirs, last["objective_suboptimality"])
    set_up = theirs["time"].min()  # until the start, its first evaluation
    saved = (time - set_up - last["time"]) / last["p_dataset_n_test"]
    if saved <= 0:
        return 0.0
    once = last["objective_train_time_s"] - set_up
    return MANY * saved / once if once > 0 else np.inf


def seconds_to(df, level):
    """Return the time at which a solver reaches a mean gap.

    Parameters
    ----------
    df : DataFrame, the evaluations of the solver on one seed
    level : float

    Returns
    -------
    float; NaN where the solver was cut off before: it may have got there.
    """
    curve = read_curve(df)
    time = curve._replace(excess=curve.excess.clip(RESOLVED)).seconds_to(
        max(level, RESOLVED))
    cut_off = df["objective_duality_gap"].min() > CONVERGED
    return np.nan if np.isinf(time) and cut_off else time


def check(df):
    parts = []
    for place, rows in by_signals(df).items():
        for learned in selectors(df):
            T = max(depths(rows, learned))
            parts += [Part(
                f"{place}, {class_of(learned)}, T = {T:g}, against {rival}",
                "a million / problems from which on training pays",
                over_seeds([share_of_many(of, rival, learned)
                            for of in by_seed(rows).values()], RATIO),
                regime=EXTENDED, trainer=STRONGER, safeguarded=True)
                for rival in RIVALS]
    return parts


def figure(df):
    panels = []
    for place, rows in by_signals(df).items():
        rows = rows[(rows["objective_suboptimality"] > 1e-16)
                    & (rows["stop_val"] != 0)]
        curves = []
        for name in (*RIVALS, *selectors(df)):
            one = where(rows, name)
            median = one.groupby("stop_val")["time"].transform("median")
            curves.append(band(
                one.assign(seconds=median / one["p_dataset_n_test"]),
                "objective_suboptimality", class_of(name), x="seconds"))
        panels.append(Panel(
            f"{place}, without training", "seconds a problem",
            "mean held-out F - F*", curves))
    return panels
