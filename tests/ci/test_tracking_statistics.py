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
from ci.tracking.names import renamed
from ci.tracking.statistics import (
    TOO_LARGE,
    effects,
    holm,
    moderated,
    trigamma_inverse,
)

SOLVERS, PROBLEMS, REPETITIONS = (11, 9, 4), 6, 10
NOISE, COMMON = 0.2, 0.1
COLUMNS = ["benchmark", "solver", "dataset", "side", "repetition"]
ROWS = [(f"B{b}", f"S{s}", f"D{d}", side, r)
        for b, n in enumerate(SOLVERS) for s in range(n)
        for d in range(PROBLEMS) for side in ("base", "head")
        for r in range(REPETITIONS)]


def simulate(rng, slower=1.0, more=1.0, everywhere=1.0, spread=1.0):
    """A comparison in which solver S0 of B0 changed, or every one; a solver
    has up to `spread` times more noise than others, or less."""
    df = pd.DataFrame(ROWS, columns=COLUMNS).assign(objective="O")
    calls = df.groupby(["benchmark", "side", "repetition"]).ngroup()
    solvers = df.groupby(["benchmark", "solver"]).ngroup()
    own = NOISE * spread ** rng.uniform(-1, 1, solvers.max() + 1)[solvers]
    noise = (own * rng.standard_normal(len(df))
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
    drawn = total > dof
    assert drawn.mean() == pytest.approx(1 - TOO_LARGE, abs=0.02)
    assert total.max() - dof == pytest.approx(prior_dof, rel=0.1)
    expected = (prior_dof * prior + dof * seen) / (prior_dof + dof)
    np.testing.assert_allclose(mixed[drawn], expected[drawn], rtol=0.1)
    np.testing.assert_array_equal(mixed[~drawn], seen[~drawn])
    for x in (1e-3, 0.4, 3.0, 500.0):
        assert trigamma_inverse(special.polygamma(1, x)) == pytest.approx(x)


@pytest.mark.parametrize("more", [4, 20])
def test_noise_of_one_solver_is_no_change(rng, more):
    """Of twenty comparisons the first has so many times the noise of the
    others: 5 % of false alarms among all are 0.25 % of it."""
    noise = np.array([more] + 19 * [1])[:, None]
    alarms = [effects(noise * rng.standard_normal((20, 10)))[0].p_slower
              <= 0.05 for _ in range(2000)]
    assert np.mean(alarms) <= 0.0025 + 3 * (0.0025 / 2000) ** 0.5


def test_holm_is_the_closed_test():
    """It rejects what Bonferroni rejects in every set that contains it."""
    p = np.array([0.01, 0.04, 0.03, 0.5])
    every = [s for r in range(1, 5)
             for s in itertools.combinations(range(4), r)]
    closed = [max(min(1, len(s) * p[list(s)].min())
                  for s in every if i in s) for i in range(4)]
    np.testing.assert_allclose(holm(p), closed)


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
