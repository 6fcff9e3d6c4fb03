"""Verdicts on metrics that should be the same in each repetition."""

from math import comb

import numpy as np

from ci.tracking.metrics import MEMORY, above_rounding
from ci.tracking.statistics import agree, reached_less, separated
from ci.tracking.verdict import (
    BETTER,
    NOISY_SHARE,
    SAME,
    UNDECIDED,
    WORSE,
    Decision,
    in_runs,
)


def compare_exactly(base, head, bounds):
    """Judge metrics whose repetitions agree, or nearly.

    Where they do not (a solver that a time limit ended), chance has to be
    excluded, see `found`. The probability of one false alarm or more among all
    such metrics is at most their number times that of each: a metric is judged
    if this is within their share of alpha, else it is undecided.

    Parameters
    ----------
    base, head : DataFrame, a row per curve and metric, a column per
        repetition
    bounds : Bounds

    Returns
    -------
    list of Decision
    """
    rows = []
    for name, *sides in zip(
            base.index, base.to_numpy(), head.to_numpy(), strict=True):
        tolerance = (bounds.threshold - 1 if name[-1] == MEMORY
                     else bounds.tolerance)
        sides = [above_rounding(name[-1], side) for side in sides]
        rows.append((name, *sides, *found(*sides, tolerance)))
    n_noisy = sum(p > 0 for *_, p in rows)
    return [
        exact_decision(*row, p * n_noisy <= NOISY_SHARE * bounds.alpha)
        for *row, p in rows]


def found(base, head, tolerance):
    """Tell which side is worse, and how likely this is without a change.

    Where repetitions agree, no difference is chance. Where the sides have
    unequal numbers of finite values (of runs that reach a level), these
    numbers are compared. Else head is worse if all its values are beyond all
    of base's: if nothing changed, each of the C(2n, n) ways to deal the values
    to the two commits is as likely.

    Parameters
    ----------
    base, head : ndarray, shape (n_repetitions,)
    tolerance : float >= 0, relative

    Returns
    -------
    int: 1 if head is worse, -1 if it is better, 0 if neither; float, the
    probability, 0 where repetitions agree.
    """
    if all(agree(side, tolerance) for side in (base, head)):
        return separated(base, head, tolerance), 0.0
    sign, p = reached_less(base, head)
    if sign:
        return sign, p
    return (separated(base, head, tolerance),
            1 / comb(len(base) + len(head), len(head)))


def exact_decision(name, base, head, sign, judged):
    """Make the decision on one metric that is compared as it is.

    Parameters
    ----------
    name : tuple, the curve and the metric
    base, head : ndarray, shape (n_repetitions,)
    sign : int, see `found`
    judged : bool, whether the sign counts

    Returns
    -------
    Decision
    """
    verdict, note = {1: WORSE, -1: BETTER, 0: SAME}[sign], ""
    if sign and not judged:
        verdict, note = UNDECIDED, "repetitions differ: run more"
    reached = [int(np.isfinite(side).sum()) for side in (base, head)]
    if reached[0] != reached[1]:
        word = "reached" if " to " in name[-1] else "finite"
        note = f"{word} {in_runs(*reached, len(base))}"
    base, head = float(np.median(base)), float(np.median(head))
    if base == head:
        ratio = 1.0
    else:
        ratio = head / base if base else np.inf
    return Decision(*name, verdict, base, head, ratio, note=note)
