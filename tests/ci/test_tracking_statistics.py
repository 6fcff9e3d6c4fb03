"""Planted changes are found and no change is none, by simulation.

Times have 20 % noise in each run of a solver on a problem, and 10 % more that
all runs of a call have in common; a comparison has 24 solvers in three
benchmarks, 6 problems for each, and 10 repetitions.
"""
import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from ci.tracking.decisions import decide, failures
from ci.tracking.exact import compare_exactly
from ci.tracking.metrics import MEMORY
from ci.tracking.names import renamed
from ci.tracking.statistics import (
    agree,
    effects,
    holm,
    moderated,
    separated,
    trigamma_inverse,
)
from ci.tracking.verdict import DEFAULT

SOLVERS, PROBLEMS, REPETITIONS = (11, 9, 4), 6, 10
NOISE, COMMON = 0.2, 0.1
COLUMNS = ["benchmark", "solver", "dataset", "side", "repetition"]
ROWS = [(f"B{b}", f"S{s}", f"D{d}", side, r)
        for b, n in enumerate(SOLVERS) for s in range(n)
        for d in range(PROBLEMS) for side in ("base", "head")
        for r in range(REPETITIONS)]


def simulate(rng, slower=1.0, more=1.0, everywhere=1.0):
    """A comparison in which solver S0 of B0 changed, or every one."""
    df = pd.DataFrame(ROWS, columns=COLUMNS).assign(objective="O")
    calls = df.groupby(["benchmark", "side", "repetition"]).ngroup()
    noise = (NOISE * rng.standard_normal(len(df))
             + COMMON * rng.standard_normal(calls.max() + 1)[calls])
    head = df["side"] == "head"
    planted = (head & (df["benchmark"] == "B0") & (df["solver"] == "S0")
               ).to_numpy()
    times = np.exp(noise) * np.where(planted, slower, 1) * np.where(
        head, everywhere, 1)
    counts = 123.4 * np.where(planted, more, 1)
    return pd.concat([df.assign(metric="seconds to 1e-06", value=times),
                      df.assign(metric="iterations to 1e-06", value=counts)])


def worse(table):
    return failures(decide(table), set())


def test_planted_regressions_are_found_and_nothing_else_is(rng):
    """>= 95 of 100 each; <= 1 false alarm in 100 comparisons (here in 10 of
    each kind; `performance/ci/detection.py` does them all)."""
    n = 10
    found = {"slower": 0, "more": 0}
    for _ in range(n):
        assert not worse(simulate(rng))
        found["slower"] += any(
            (d.benchmark, d.solver) == ("B0", "S0")
            for d in worse(simulate(rng, slower=1.3)))
        regressions = worse(simulate(rng, more=1.1))
        found["more"] += len(regressions) == PROBLEMS and all(
            d.solver == "S0" and d.ratio == pytest.approx(1.1)
            for d in regressions)
    assert found["more"] == n
    assert found["slower"] >= 0.95 * n - 1


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_a_change_of_all_solvers_is_one_finding(rng):
    table = simulate(rng, everywhere=1.5)
    [*found] = worse(table)
    assert {d.solver for d in found} == {"all"}
    assert {d.benchmark for d in found} == {"B0", "B1", "B2"}


def test_less_time_is_no_failure(rng):
    decisions = decide(simulate(rng, slower=0.5))
    assert not failures(decisions, set())
    assert [d.solver for d in decisions if d.verdict == "better"][0] == "S0"


def test_p_values_are_uniform_without_change(rng):
    """Uncorrected, of single comparisons and of moderated ones."""
    p = [effects(rng.standard_normal((1, 5)))[0].p_slower
         for _ in range(2000)]
    assert stats.kstest(p, "uniform").pvalue > 1e-3
    smallest = [min(e.p_slower for e in effects(rng.standard_normal((20, 5))))
                for _ in range(1000)]
    assert np.mean(np.array(smallest) <= 0.05) <= 0.05 + 3 * (
        0.05 * 0.95 / 1000) ** 0.5


def test_intervals_cover(rng):
    """95 % of 3000 intervals contain the true ratio."""
    inside = [e.low <= np.exp(0.3) <= e.high
              for _ in range(100)
              for e in effects(0.3 + rng.standard_normal((30, 6)))]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.02)


def test_moderation_recovers_its_model(rng):
    """Smyth's prior: variances are d0 s0^2 / chi2(d0)."""
    dof, prior_dof, prior = 9, 6, 0.7
    true = prior_dof * prior / rng.chisquare(prior_dof, 20000)
    seen = true * rng.chisquare(dof, 20000) / dof
    mixed, total = moderated(seen, dof)
    assert total - dof == pytest.approx(prior_dof, rel=0.1)
    expected = (prior_dof * prior + dof * seen) / (prior_dof + dof)
    np.testing.assert_allclose(mixed, expected, rtol=0.1)
    for x in (1e-3, 0.4, 3.0, 500.0):
        assert trigamma_inverse(special.polygamma(1, x)) == pytest.approx(x)


def test_holm_is_the_closed_test():
    """It rejects what Bonferroni rejects in every set that contains it."""
    p = np.array([0.01, 0.04, 0.03, 0.5])
    every = [s for r in range(1, 5)
             for s in itertools.combinations(range(4), r)]
    closed = [max(min(1, len(s) * p[list(s)].min())
                  for s in every if i in s) for i in range(4)]
    np.testing.assert_allclose(holm(p), closed)


def test_exact_metrics():
    assert separated([5, 5], [5, 5], 0) == 0
    assert separated([5, 5], [5.1, 5.1], 1e-3) == 1
    assert separated([5, 5], [4.9, 4.9], 1e-3) == -1
    assert separated([5, 5], [5.004, 5.004], 1e-3) == 0
    assert separated([5, np.inf], [6, 7], 1e-3) == 0
    assert separated([5, 5], [np.inf, np.inf], 1e-3) == 1
    assert separated([-2, -2], [-1.9, -1.9], 1e-3) == 1
    assert separated([5, 7], [6, 8], 1e-3) == 0
    assert separated([np.inf] * 2, [np.inf] * 2, 1e-3) == 0


def test_repetitions_agree_but_for_rounding():
    assert agree([5, 5 + 4e-4], 1e-3)
    assert not agree([5, 5.001], 1e-3)
    assert agree([np.inf, np.inf], 1e-3)
    assert not agree([5, np.inf], 1e-3)
    assert not agree([-5, -4], 1e-3)


def test_bad_log_ratios_are_refused():
    for bad in ([[1.0]], [[1.0, np.nan]]):
        with pytest.raises(ValueError, match="at least 2 repetitions"):
            effects(bad)


def test_what_one_commit_lacks(rng):
    """New curves are said, gone ones fail where the configuration stayed."""
    table = simulate(rng)
    head, first = table["side"] == "head", table["solver"] == "S0"
    gone = decide(table[~(head & first)])
    assert len(failures(gone, {"B0"})) == 2 * PROBLEMS
    assert not failures(gone, set())
    new = decide(table[head | ~first])
    assert {d.verdict for d in new if d.solver == "S0"} == {"new"}
    everything_new = decide(table[head])
    assert {d.verdict for d in everything_new} == {"new"}


def made_up(base, head, metric="final value", n_curves=1):
    """A comparison: a list of values, None where a run lacks the curve, for
    each side."""
    rows = [("B", f"S{c}", "D", side, r, "O", metric, value)
            for c in range(n_curves)
            for side, values in (("base", base), ("head", head))
            for r, value in enumerate(values) if value is not None]
    # another curve, that all runs have
    rows += [("B", "Z", "D", side, r, "O", metric, 1.0)
             for side in ("base", "head")
             for r in range(max(len(base), len(head)))]
    return pd.DataFrame(rows, columns=[
        *COLUMNS, "objective", "metric", "value"])


@pytest.mark.parametrize(("in_base", "in_head", "verdict"), [
    (10, 0, "gone"), (9, 0, "gone"), (0, 10, "new"), (0, 9, "new"),
    (10, 9, "worse"), (9, 10, "better"), (9, 9, "undecided")])
def test_a_curve_that_some_runs_lack(in_base, in_head, verdict):
    table = made_up(*([1.0] * n + [None] * (10 - n)
                      for n in (in_base, in_head)))
    [decision] = [d for d in decide(table) if d.solver == "S0"]
    assert decision.verdict == verdict
    if verdict not in ("gone", "new"):
        assert f"{in_base} of 10" in decision.note
        assert f"{in_head} of 10" in decision.note
    assert bool(failures([decision], {"B"})) == (verdict in ("gone", "worse"))


def test_a_run_of_base_without_any_result():
    """The others are compared, and times are not paired with nothing."""
    table = made_up([1.0] * 5, [1.0] * 5, "seconds in all")
    lost = (table["side"] == "base") & (table["repetition"] == 2)
    assert {d.note for d in decide(table[~lost])} == {
        "in 4 of 5 runs of base, 5 of 5 of head"}


@pytest.mark.parametrize("n", [2, 3, 5])
@pytest.mark.parametrize("noise", [5e-4, 1e-2])
def test_noise_of_metrics_that_should_have_none_is_no_change(rng, n, noise):
    """A solver that a time limit ends. At most alpha, 0.5 %, of comparisons
    may call one of 3 such metrics worse; more than 3 of 100 would have a
    probability of 0.2 % at that rate."""
    names = [("B", "D", "O", f"S{k}", "final value") for k in range(3)]
    alarms = 0
    for _ in range(100):
        base, head = (pd.DataFrame(
            1 + noise * rng.standard_normal((3, n)),
            index=pd.MultiIndex.from_tuples(names)) for _ in range(2))
        alarms += bool(failures(compare_exactly(base, head, DEFAULT), set()))
    assert alarms <= 3


def test_changes_of_noisy_metrics_are_found_where_chance_is_not():
    """3 metrics: C(6, 3) = 20 ways are too few, C(20, 10) = 184756 are not."""
    for n, verdict in ((3, "undecided"), (10, "worse")):
        noise = 1 + 1e-2 * np.linspace(0, 1, n)
        found = decide(made_up(noise, 2 * noise, n_curves=3))
        assert {d.verdict for d in found if d.solver != "Z"} == {verdict}
    # rounding errors are no noise, nor is 1 MiB of 200
    for metric, noise in (("final value", 1e-6), (MEMORY, 5e-3)):
        values = 200 * (1 + noise * np.array([0, 1, 0.5]))
        found = decide(made_up(values, 1.2 * values, metric))
        assert {d.verdict for d in found if d.solver != "Z"} == {"worse"}


def test_a_new_parameter_renames_nothing(rng):
    """Names with one more parameter are those of the same solver."""
    assert renamed({"A[x=1]", "B", "C[y=(1, 2)]", "D[z=1]"},
                   {"A[w=[0, 1],x=1]", "B", "C[y=(1, 3)]", "D"}) == {
        "A[x=1]": "A[w=[0, 1],x=1]", "D[z=1]": "D"}
    # which of two is meant is not guessed
    assert renamed({"A[x=1]"}, {"A[w=0,x=1]", "A[w=1,x=1]"}) == {}
    table = simulate(rng, more=1.1).reset_index(drop=True)
    head = table["side"] == "head"
    for name in ("solver", "dataset"):
        table[name] += "[a=1]"
        table.loc[head, name] = table[name][head].str.replace(
            "]", ",device=cpu]")
    assert len(worse(table)) == PROBLEMS
    assert {d.verdict for d in decide(table)} == {"worse", "same"}
