"""The mean of independent estimates, or their median, with its interval."""

from functools import cache

import numpy as np
from scipy import stats

CONFIDENCE = 0.95
OF_MEDIAN = 0.9375
"""What an interval of a median covers at least: 1 - 2 / 2^5, the coverage of
the range of five estimates. A claim has five seeds, and free of a distribution
nothing between them covers more."""
ROUNDING = 1e-12
"""Estimates are equal up to that, relative or absolute: logarithms of ratios,
or differences, whose bars are about 0.1."""


def interval(estimates, least_variances=(0.0, 0.0), n_intervals=1):
    """Return the mean of independent estimates and its interval.

    Parameters
    ----------
    estimates : list of float, one for each seed
    least_variances : float, float
        What the variance of one estimate is at least, below it and above.
    n_intervals : int
        So many hold at once at 95 % (Bonferroni).

    Returns
    -------
    value, low, high : float; the median's, see `of_median`, if an estimate is
        infinite, or if all are equal and nothing else says how much they vary:
        without a variance Student's interval would be a point.
    """
    estimates = np.asarray(estimates, dtype=float)
    unknown = not np.any(least_variances) and np.allclose(
        estimates, estimates[:1], ROUNDING, ROUNDING)
    if unknown or not np.isfinite(estimates).all():
        return of_median(estimates, n_intervals)
    n, value = len(estimates), float(np.mean(estimates))
    if n < 2:
        return value, -np.inf, np.inf
    below, above = student(n, n_intervals) * np.sqrt(np.maximum(
        np.var(estimates, ddof=1), least_variances) / n)
    return value, float(value - below), float(value + above)


@cache
def student(n_seeds, n_intervals=1):
    """Student's t of n_seeds estimates that n_intervals are within at once."""
    return float(stats.t.isf(
        (1 - CONFIDENCE) / 2 / n_intervals, n_seeds - 1))


def of_median(estimates, n_intervals=1):
    """Return the median of independent estimates and its interval.

    The k least estimates are all above the median as often as n tosses of a
    coin show fewer than k heads. The interval is between the k-th least and
    the k-th largest, with the largest k at which it covers OF_MEDIAN; of fewer
    than five estimates none does, and it is unbounded, as is that of five
    where several intervals shall hold at once; ten bound up to 32 at once.

    Parameters
    ----------
    estimates : ndarray, shape (n_seeds,); they may be infinite, or equal
    n_intervals : int, see `interval`

    Returns
    -------
    value, low, high : float; NaN if an estimate is.
    """
    n, ordered = len(estimates), np.sort(estimates)
    tails = stats.binom.cdf(np.arange(n), n, 0.5)
    # the tail of five is 1/32 up to rounding
    k = np.count_nonzero(
        tails <= (1 - OF_MEDIAN) / 2 / n_intervals * (1 + 1e-9))
    with np.errstate(invalid="ignore"):
        value = float(np.median(ordered))
    if np.isnan(ordered).any():
        return value, np.nan, np.nan
    if not k:
        return value, -np.inf, np.inf
    return value, float(ordered[k - 1]), float(ordered[n - k])
