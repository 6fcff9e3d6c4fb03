"""Verdicts on metrics that should be the same in each repetition."""

from math import comb

import numpy as np

from ci.tracking.metrics import MEMORY, above_rounding
from ci.tracking.statistics import agree, separated
from ci.tracking.verdict import (
    BETTER,
    NOISY_SHARE,
    SAME,
    UNDECIDED,
    WORSE,
    Decision,
)


def compare_exactly(base, head, bounds):
    """Judge metrics whose repetitions agree, or nearly.

    Where they do not (a solver that a time limit ended), head is worse if all
    its values are beyond all of base's. With nothing changed, each of the
    C(2n, n) ways to deal the values to the two commits is as likely, so that
    this has a chance of 1 / C(2n, n). The chance of one such false alarm among
    all metrics that differ is at most their number times as large: they are
    judged if that is within their share of alpha.

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
        same = all(agree(side, tolerance) for side in sides)
        rows.append((name, *sides, separated(*sides, tolerance), same))
    n_noisy = sum(not same for *_, same in rows)
    ways = comb(base.shape[1] + head.shape[1], head.shape[1])
    enough = n_noisy <= NOISY_SHARE * bounds.alpha * ways
    return [exact_decision(*row, same or enough) for *row, same in rows]


def exact_decision(name, base, head, sign, judged):
    """Make the decision on one metric that is compared as it is.

    Parameters
    ----------
    name : tuple, the curve and the metric
    base, head : ndarray, shape (n_repetitions,)
    sign : int, see `ci.tracking.statistics.separated`
    judged : bool, whether the sign counts

    Returns
    -------
    Decision
    """
    base, head = float(np.median(base)), float(np.median(head))
    if base == head:
        ratio = 1.0
    else:
        ratio = head / base if base else np.inf
    verdict, note = {1: WORSE, -1: BETTER, 0: SAME}[sign], ""
    if sign and not judged:
        verdict, note = UNDECIDED, "repetitions differ: run more"
    return Decision(*name, verdict, base, head, ratio, note=note)
