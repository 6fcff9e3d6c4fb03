"""Intervals where effects are infinite, or nearly are."""
import numpy as np
import pytest

from ci.claims.effects import over_seeds, variances
from ci.claims.intervals import OF_MEDIAN, interval, of_median
from ci.claims.parts import FAILS, HOLDS, RATIO, UNDECIDED, Part


def few(n, *values):
    """n samples, all 0 but the last ones."""
    return np.concatenate([np.zeros(n - len(values)), values])


def of_copies(ours, theirs, n_seeds=5):
    """The interval of the log-ratio of means, seeds agreeing on one draw."""
    estimate = np.log(theirs.mean() / ours.mean())
    return interval([estimate] * n_seeds,
                    variances(ours, theirs, np.random.default_rng(0)))


def test_few_errors_of_either_bound_nothing():
    """One of 20 samples, three times as bad for the rival: five seeds that
    agree on it say nothing."""
    _, low, high = of_copies(few(20, 1.0), few(20, 3.0)[::-1])
    assert (low, high) == (-np.inf, np.inf)


@pytest.mark.parametrize(("ours", "expected"), [
    (few(20, 1.0), 11.67 / 5), (few(200, 1.0, 1.0, 1.0), 24.74 / 15)])
def test_few_errors_of_the_method_bound_the_ratio_below(ours, expected):
    """About as much as the rate of a Poisson variable: of five seeds with 1 or
    3 errors each, at 97.5 %, it is at most 11.67 or 24.74 (exact limits for 5
    and 15 events). Student's t of five is wider than the normal, by 1.4."""
    value, low, high = of_copies(ours, np.ones(len(ours)))
    assert high == np.inf
    assert 0.8 < (value - low) / np.log(expected) < 1.4
    # and above, if it is the rival that has few
    value, low, high = of_copies(np.ones(len(ours)), ours)
    assert low == -np.inf
    assert 0.8 < (high - value) / np.log(expected) < 1.4


@pytest.mark.parametrize("values", [
    [np.inf], [np.inf, np.inf], [1.2, 1.3, np.inf], [2.0, 3.0, 4.0, np.inf],
    [1.2, 1.3, 1.4, 1.0, np.inf]])
def test_an_infinite_seed_among_few_does_not_decide(values):
    assert Part("", "", over_seeds(values, RATIO)).verdict == UNDECIDED


def test_infinite_seeds_among_enough_decide():
    assert Part("", "", over_seeds(
        [1.2, 1.3, np.inf, 2.0, np.inf], RATIO)).verdict == HOLDS
    for n in (3, 5):
        assert Part("", "", over_seeds([np.inf] * n, RATIO)).verdict == HOLDS
        assert Part("", "", over_seeds([0.0] * n, RATIO)).verdict == FAILS
    # one of ten, against nine
    effect = over_seeds([0.0, *range(2, 10), np.inf], RATIO)
    assert effect[:3] == pytest.approx((np.sqrt(5 * 6), 2, 9))


@pytest.mark.parametrize(("n", "coverage"), [
    (5, 0.9375), (6, 0.96875), (8, 0.9922), (9, 0.9609), (10, 0.9785)])
def test_intervals_of_medians_contain_it(n, coverage):
    """In the shares that the binomial distribution gives, of 2000 draws with
    infinities on either side; their deviation is at most 11."""
    rng = np.random.default_rng(n)
    draws = rng.standard_cauchy((2000, n))
    draws[draws > 2], draws[draws < -4] = np.inf, -np.inf
    inside = [low <= 0 <= high for _, low, high in map(of_median, draws)]
    assert coverage >= OF_MEDIAN
    assert abs(np.sum(inside) - 2000 * coverage) < 50
