"""Verdicts of simulated referees: planted effects, and none."""

import numpy as np
import pandas as pd
import pytest

from ci.claims import effects
from ci.claims.claim import Missing
from ci.claims.effects import (
    at,
    compare,
    iterations,
    over_seeds,
    quotients,
)
from ci.claims.intervals import interval
from ci.claims.parts import (
    BETTER,
    DIFFERENCE,
    FAILS,
    HOLDS,
    MARGIN,
    NO_WORSE,
    TIE,
    UNDECIDED,
    Effect,
    Part,
)

N_REFEREES = 100


@pytest.fixture
def stored(monkeypatch):
    """Rows of a table whose samples are arrays instead of files."""
    arrays = {}
    monkeypatch.setattr(
        effects, "read_samples", lambda row: arrays[row["cell"].iloc[0]])

    def make(gaps, resolution=0.0):
        cells = []
        for of_seed in gaps:
            cells.append(len(arrays))
            arrays[cells[-1]] = {
                "suboptimality": np.asarray(of_seed),
                "resolution": np.full(len(of_seed), resolution)}
        return pd.DataFrame({"base_seed": range(len(gaps)), "cell": cells})
    return make


def planted(rng, effect, spread=0.2, n_seeds=5, n_samples=100, of_seeds=0.0):
    """Gaps of a method and of a rival whose mean gap is effect times it.

    Samples of every size, a spread of each ratio, and one of each seed's.
    """
    size = rng.lognormal(0, 1, (n_seeds, n_samples))
    between = rng.lognormal(0, of_seeds, (n_seeds, 1))
    ratio = rng.lognormal(-spread**2 / 2, spread, size.shape)
    return size, size * effect * between * ratio


@pytest.mark.parametrize(("effect", "of_seeds", "least", "most"), [
    (1.3, 0.0, 95, 100), (1.0, 0.0, 0, 5), (1.0, 0.3, 0, 5),
    (1 + MARGIN, 0.0, 0, 7), (1 + MARGIN, 0.2, 0, 7)])
def test_simulated_referees(stored, effect, of_seeds, least, most):
    """How often a claim "holds", of 100, also at the bar, at 2.5 % + noise."""
    rng = np.random.default_rng(1)
    said = [
        Part("", "", compare(*map(stored, planted(
            rng, effect, of_seeds=of_seeds)))).verdict
        for _ in range(N_REFEREES)]
    assert least <= said.count(HOLDS) <= most
    if effect == 1.3:
        assert FAILS not in said
    if effect == 1 and not of_seeds:
        assert said.count(TIE) > 90


def test_intervals_contain_the_truth():
    """95 % of them, with 5 seeds; 9500 of 10^4 with a deviation of 22."""
    rng = np.random.default_rng(0)
    intervals = np.array([
        interval(rng.normal(0.3, 1.0, 5))[1:] for _ in range(10_000)])
    inside = (intervals[:, 0] < 0.3) & (0.3 < intervals[:, 1])
    assert abs(inside.sum() - 9500) < 110


def test_seeds_that_agree_do_not_narrow_the_interval(stored):
    """Five copies of one draw say no more than their samples allow."""
    ours, theirs = planted(np.random.default_rng(0), 1.3, 1.0, n_seeds=1)
    effect = compare(stored(ours[[0] * 5]), stored(theirs[[0] * 5]))
    logs = np.log(theirs[0] / ours[0])
    assert np.log(effect.high / effect.low) > 0.5 * logs.std() / np.sqrt(100)


def test_effects_of_samples(stored):
    ours = stored([[1.0, 1.0, 6.0]] * 2)
    theirs = stored([[2.0, 1.0, 3.0]] * 2)
    effect = compare(ours, theirs)
    assert effect.value == pytest.approx(6 / 8)
    assert effect.notes == pytest.approx({
        "ratio of medians": 2.0, "share won": 1 / 3, "share lost": 1 / 3,
        "share of the mean in the worst sample": 6 / 8})


def test_what_certificates_do_not_resolve_is_a_tie(stored):
    ours = stored([[1e-16, -1e-17]] * 5, resolution=1e-14)
    theirs = stored([[5e-15, 1e-15]] * 5, resolution=1e-14)
    effect = compare(ours, theirs)
    assert effect[:3] == (1.0, 1.0, 1.0)
    assert Part("", "", effect).verdict == TIE


def test_a_difference_below_the_certificates_is_a_tie(stored):
    """Of gaps above them, too: both are known up to 1e-14."""
    ours = stored([[1.1e-14, 1.0]] * 5, resolution=1e-14)
    theirs = stored([[2.0e-14, 1.0 + 5e-15]] * 5, resolution=1e-14)
    effect = compare(ours, theirs)
    assert effect[:3] == (1.0, 1.0, 1.0)
    assert effect.notes["share won"] == effect.notes["share lost"] == 0


def test_samples_that_do_not_match(stored):
    with pytest.raises(Missing, match="as many test samples"):
        compare(stored([[1.0, 2.0]]), stored([[1.0]]))
    with pytest.raises(Missing, match="the same seeds"):
        compare(stored([[1.0]] * 2), stored([[1.0]]))


def test_infinite_ratios(stored):
    """A method without a gap, and a rival that has diverged."""
    none, some = stored([[0.0]] * 5), stored([[1.0]] * 5)
    assert Part("", "", compare(none, some)).verdict == HOLDS
    assert Part("", "", compare(some, none)).verdict == FAILS
    lost = stored([[np.inf]] * 5)
    assert Part("", "", compare(some, lost)).verdict == HOLDS
    assert Part("", "", over_seeds([np.nan] * 5)).verdict == UNDECIDED


def test_what_is_no_number_has_diverged(stored):
    """On all seeds or on one of them, it is what infinity is."""
    some = stored([[1.0, 2.0]] * 5)
    for lost in ([[np.nan, 1.0]] * 5, [[np.nan, 1.0]] + [[4.0, 4.0]] * 4):
        assert Part("", "", compare(stored(lost), some)).verdict == FAILS
        assert Part("", "", compare(some, stored(lost))).verdict == HOLDS


def test_quotients_of_what_nobody_reached():
    assert quotients([np.inf, np.inf, 6, 0], [np.inf, 2, 3, 0]).tolist() == (
        pytest.approx([1, np.inf, 2, 1]))


def test_evaluations_at_a_depth():
    df = pd.DataFrame({"base_seed": [0, 0, 0, 1, 1],
                       "stop_val": [0, 5, 8, 5, 0], "y": [1, 2, 3, 4, 5]})
    assert sorted(at(df, 5)["y"]) == [2, 4]
    assert sorted(at(df, 6)["y"]) == [2, 4]  # has converged before
    assert sorted(at(df, None)["y"]) == [3, 4]


def test_a_run_that_was_cut_off_is_not_compared():
    """It ends before T, and not since it has converged."""
    df = pd.DataFrame({
        "solver_name": "FISTA", "base_seed": [0, 0, 1, 1],
        "stop_val": [0, 5, 0, 8],
        "objective_duality_gap": [1.0, 1e-3, 1.0, 1e-3]})
    with pytest.raises(Missing, match="FISTA at 6 .* got 5 on seed 0"):
        at(df, 6)
    assert sorted(at(df, 5)["stop_val"]) == [0, 5]
    df.loc[1, "objective_duality_gap"] = 1e-11
    assert sorted(at(df, 8)["stop_val"]) == [5, 8]


def test_bars_may_be_numpys():
    for bar in (np.int64(2), np.float32(2), np.float64(2), 2):
        part = Part("", "", Effect(3.0, 2.5, 4.0), bar)
        assert (part.level, part.verdict) == (2.0, HOLDS)


@pytest.mark.parametrize(("low", "high", "bar", "verdict"), [
    (1.11, 2.0, BETTER, HOLDS), (1.05, 2.0, BETTER, UNDECIDED),
    (0.95, 1.05, BETTER, TIE), (0.5, 1.05, BETTER, FAILS),
    (0.5, 0.8, NO_WORSE, FAILS), (0.92, 1.0, NO_WORSE, HOLDS),
    (0.8, 1.2, NO_WORSE, UNDECIDED), (3.0, 4.0, 5, FAILS),
    (np.nan, 1.0, BETTER, UNDECIDED)])
def test_verdict_of_a_part(low, high, bar, verdict):
    part = Part("", "", Effect(1.0, low, high), bar)
    assert part.verdict == verdict
    if bar == BETTER:  # the same on the scale of differences
        shift = Effect(0.0, low - 1, high - 1, DIFFERENCE)
        assert part._replace(effect=shift).verdict == verdict


def test_iterations_to_an_accuracy():
    """Of each seed, the first; infinite where it is not reached."""
    df = pd.DataFrame({"base_seed": [0] * 3 + [1] * 2,
                       "stop_val": [0, 2, 5, 0, 7],
                       "objective_suboptimality": [4.0, 0.4, 0.1, 1.0, 0.5]})
    assert iterations(df, 0.1).tolist() == [2, np.inf]
    # log10(2) of the way in log10(gap), in two iterations
    assert iterations(df, 0.5).tolist() == pytest.approx(
        [2 * np.log10(2), 7])


def test_medians_of_zero_and_infinite_ratio_have_no_mean(stored):
    """On one seed the method solves most samples exactly, on another the
    rival does: the ratio of the means stands, and nothing warns."""
    ours = stored([[0.0, 0.0, 3.0], [1.0, 1.0, 3.0]] * 3)
    theirs = stored([[1.0, 1.0, 3.0], [0.0, 0.0, 3.0]] * 3)
    effect = compare(ours, theirs)
    assert effect.value == pytest.approx(1)
    assert np.isnan(effect.notes["ratio of medians"])
