"""Intervals where effects are infinite, or nearly are."""
import numpy as np
import pytest

from ci.claims.effects import over_seeds, quotients, variances
from ci.claims.intervals import OF_MEDIAN, interval, of_median
from ci.claims.parts import (
    DIFFERENCE,
    EXTENDED,
    FAILS,
    HOLDS,
    RATIO,
    UNDECIDED,
    Effect,
    Part,
)
from ci.claims.verdict import IN_PART, at_once, together


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
    [1.2, 1.3, 1.4, 1.0, np.inf], [np.inf] * 4, [0.0] * 3])
def test_an_infinite_seed_among_few_does_not_decide(values):
    assert Part("", "", over_seeds(values, RATIO)).verdict == UNDECIDED


def test_infinite_seeds_among_enough_decide():
    assert Part("", "", over_seeds(
        [1.2, 1.3, np.inf, 2.0, np.inf], RATIO)).verdict == HOLDS
    # one of ten, against nine
    effect = over_seeds([0.0, *range(2, 10), np.inf], RATIO)
    assert effect[:3] == pytest.approx((np.sqrt(5 * 6), 2, 9))


@pytest.mark.parametrize(("value", "verdict"), [
    (0.0, FAILS), (0.5, FAILS), (1.2, HOLDS), (np.inf, HOLDS)])
def test_equal_seeds_decide_as_often_as_the_median_allows(value, verdict):
    """n of one kind are 2^(1 - n) of all draws where both kinds are as likely:
    at most 0.0625 / n_effects, from five seeds on, of ten for up to 32."""
    for n, most in ((3, 0), (4, 0), (5, 1), (6, 2), (10, 32)):
        effect = over_seeds([value] * n, RATIO)
        for n_effects in (1, 2, 24, 32, 33):
            said = Part("", "", effect.among(n_effects)).verdict
            assert said == (verdict if n_effects <= most else UNDECIDED)


def test_estimates_are_equal_up_to_rounding():
    """Logarithms of the same ratio of counts differ in their last digits."""
    for ratios in (quotients([6, 12, 21], [5, 10, 17.5]),
                   [1.2, 1.2 * (1 + 1e-15), 1.2]):
        assert over_seeds(ratios, RATIO)[1:3] == (0, np.inf)


def test_equal_seeds_whose_samples_vary_have_students_interval():
    """That the samples allow, see `of_copies`; at several, too."""
    for n_intervals in (1, 24):
        value, low, high = interval([0.5] * 3, (0.01, 0.01), n_intervals)
        assert value == 0.5
        assert 0.5 - low == pytest.approx(high - 0.5)
        assert high - 0.5 > 4.3 * np.sqrt(0.01 / 3)


@pytest.mark.parametrize(("n_seeds", "most"), [(3, 0), (5, 0), (10, 8)])
def test_extremes_by_chance_fail_in_few_tables(n_seeds, most):
    """Of 24 parts each is 0 or huge on a seed by a coin: their medians are at
    neither. With ten seeds a part is of one kind at 2 / 2^10, and one of 24
    in 4.6 % of 100 tables, and less than two deviations more."""
    rng = np.random.default_rng(n_seeds)
    decided = 0
    for _ in range(100):
        values = np.where(rng.random((24, n_seeds)) < 0.5, 0.0, 1e9)
        parts = at_once([Part(str(i), "", over_seeds(own, RATIO))
                         for i, own in enumerate(values)])
        decided += any(part.verdict != UNDECIDED for part in parts)
    assert decided <= most


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


def referees(rng, ratios, spread, n_seeds=5):
    """What a claim says whose parts have these true effects."""
    parts = [Part(str(i), "", over_seeds(
        ratio * np.exp(spread * rng.standard_normal(n_seeds)), RATIO))
        for i, ratio in enumerate(ratios)]
    return together(at_once(parts))


@pytest.mark.parametrize("n_parts", [2, 60])
@pytest.mark.parametrize(("ratio", "spread"), [(1.0, 0.4), (1.1, 0.2)])
def test_many_parts_hold_or_fail_by_chance_in_few_claims(
        n_parts, ratio, spread):
    """At the bar each part is in error at 2.5 % on either side, and one of all
    in no more of the claims: of 100, in 2.5, and 3.5 deviations more."""
    rng = np.random.default_rng(n_parts)
    said = [referees(rng, [ratio] * n_parts, spread) for _ in range(100)]
    assert said.count(IN_PART) + said.count(HOLDS) <= 2.5 + 3.5 * 1.6
    if ratio == 1.1:
        assert said.count(FAILS) <= 2.5 + 3.5 * 1.6


def test_a_large_effect_among_many_is_found():
    """One of 42 parts has twice the bar, and a spread of 5 %."""
    rng = np.random.default_rng(0)
    ratios = [1.0] * 41 + [2.2]
    assert all(referees(rng, ratios, 0.05) == IN_PART for _ in range(20))


def test_intervals_at_once():
    """Each of ten normal means is in its own: in 95 % of 2000 draws, or more,
    since Bonferroni's inequality is one; not much more, for independent ones:
    1 - (1 - 0.005)^10 is 4.9 %."""
    draws = np.random.default_rng(0).standard_normal((2000, 10, 5))
    inside = 0
    for of_claim in draws:
        ends = [interval(of_one, n_intervals=10) for of_one in of_claim]
        inside += all(low <= 0 <= high for _, low, high in ends)
    assert 0.935 <= inside / 2000 <= 0.965


def test_claims_whose_parts_all_hold_are_not_widened():
    parts = [Part(str(i), "", over_seeds([1.2, 1.25, 1.3], RATIO))
             for i in range(9)]
    assert at_once(parts) == parts
    assert together(at_once(parts)) == HOLDS
    tied = Part("tied", "", over_seeds([1.0, 1.01, 0.99], RATIO))
    beside = tied._replace(regime=EXTENDED)
    wide = at_once([*parts, tied, beside])
    assert {part.verdict for part in wide[:9]} == {UNDECIDED}
    assert wide[-1] == beside


def test_medians_at_once():
    """Five order statistics cover no two medians at 95 %, but by their whole
    line; ten do, by wider ones."""
    five, ten = [0.1, 0.2, 0.3, np.inf, np.inf], [*range(9), np.inf]
    assert interval(five) == (0.3, 0.1, np.inf)
    assert interval(five, n_intervals=2) == (0.3, -np.inf, np.inf)
    assert interval(ten) == (4.5, 1, 8)
    assert interval(ten, n_intervals=20) == (4.5, 0, np.inf)


def test_each_effect_is_widened_by_its_own_seeds():
    """Student's t of 4 and 9 degrees at 2.5 %, and at half of that."""
    rng = np.random.default_rng(0)
    for n, t, wider in ((5, 2.776, 3.495), (10, 2.262, 2.685)):
        effect = over_seeds(rng.standard_normal(n))
        both = effect.among(2)
        assert both.value == effect.value
        assert (both.high - both.value) / (
            effect.high - effect.value) == pytest.approx(wider / t, rel=1e-3)


def test_an_unbounded_side_stays_unbounded():
    effect = Effect.of([1.0, 2.0, 3.0], DIFFERENCE, {}, (np.inf, 0.0))
    assert effect.low == effect.among(3).low == -np.inf
    assert np.isfinite(effect.among(3).high)
