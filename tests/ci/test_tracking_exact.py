"""Metrics without noise, and curves that some runs lack, are compared."""
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from ci import UserError
from ci.tracking.decisions import decide, failures
from ci.tracking.exact import compare_exactly
from ci.tracking.metrics import MEMORY
from ci.tracking.statistics import (
    agree,
    reached_less,
    separated,
)
from ci.tracking.texts import terminal_table
from ci.tracking.verdict import DEFAULT

COLUMNS = ["benchmark", "solver", "dataset", "side", "repetition"]


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


def lost(table, side, repetition):
    """The table without a whole run of benchmark B."""
    return table[(table["benchmark"] != "B") | (table["side"] != side)
                 | (table["repetition"] != repetition)]


@pytest.mark.parametrize(("side", "verdict", "note"), [
    ("base", "undecided", "9 of 10 runs of base, 10 of 10 of head"),
    ("head", "worse", "10 of 10 runs of base, 9 of 10 of head")])
def test_a_run_without_any_result(rng, side, verdict, note):
    """The other repetitions are compared as if it had never been, and a
    line says that it was lost."""
    noise = np.exp(0.1 * rng.standard_normal((2, 10)))
    table = pd.concat([
        made_up(noise[0], 2 * noise[1], "seconds in all"),
        made_up([5.0] * 10, [9.0] * 10),
        made_up([5.0] * 10, [9.0] * 10).assign(benchmark="C")])
    *others, run = decide(lost(table, side, 3))
    assert (run.verdict, run.metric) == (verdict, "runs")
    assert note in run.note
    assert note in terminal_table([run])
    assert others == decide(table[table["repetition"] != 3])
    assert len(failures(others, set())) == 4


def test_fewer_than_three_whole_repetitions_judge_no_times():
    table = made_up([1.0] * 3, [9.0] * 3, "seconds in all")
    [run] = decide(lost(table, "base", 0))
    assert run.metric == "runs"


def test_no_whole_repetition_is_an_error():
    table = made_up([1.0] * 2, [1.0] * 2)
    both = pd.concat([lost(table, "base", 0),
                      lost(table, "base", 1).assign(benchmark="C")])
    with pytest.raises(UserError, match="got none of 2"):
        decide(both)


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


@pytest.mark.parametrize("n_reached", range(9))
def test_the_chance_of_reaching_a_level_less_often(n_reached):
    """Over all 70 ways to deal 8 runs to two commits, the probability of a
    difference is the part of the ways with one as large or larger."""
    runs = np.where(np.arange(8) < n_reached, 5.0, np.inf)
    found, reached = [], []
    for chosen in combinations(range(8), 4):
        head = np.isin(np.arange(8), chosen)
        found.append(reached_less(runs[~head], runs[head]))
        reached.append(np.isfinite(runs[head]).sum())
    reached = np.array(reached)
    for (sign, p), r in zip(found, reached, strict=True):
        assert sign == np.sign(n_reached - 2 * r)
        beyond = reached >= r if sign < 0 else reached <= r
        assert p == pytest.approx(beyond.mean())


@pytest.mark.parametrize(("in_base", "in_head", "n_curves", "verdict"), [
    (10, 1, 1, "worse"), (10, 1, 3, "worse"), (1, 10, 1, "better"),
    (10, 2, 1, "worse"), (10, 2, 3, "undecided"), (10, 7, 1, "undecided"),
    (7, 10, 1, "undecided")])
@pytest.mark.parametrize("metric", [
    "iterations to 1e-06", "seconds to 1e-06"])
def test_a_level_that_is_reached_in_some_runs(
        in_base, in_head, n_curves, verdict, metric):
    """Fisher's probabilities: 10 and 1 of 10 runs, 6e-5; 10 and 2, 3.6e-4; 10
    and 7, 0.1; all metrics that differ share 0.001."""
    base, head = (np.where(np.arange(10) < n, 40.0, np.inf)
                  for n in (in_base, in_head))
    found = [d for d in decide(made_up(base, head, metric, n_curves))
             if d.solver[0] == "S" and d.metric == metric]
    assert [d.verdict for d in found] == n_curves * [verdict]
    assert bool(failures(found, set())) == (verdict == "worse")
    assert {d.note for d in found} == {
        f"reached in {in_base} of 10 runs of base, {in_head} of 10 of head"}


def test_a_level_that_is_reached_as_often_is_the_same():
    reached = np.where(np.arange(10) < 7, 40.0, np.inf)
    found = decide(made_up(reached, reached[::-1], "iterations to 1e-06"))
    assert {(d.verdict, d.note) for d in found} == {("same", "")}


def test_to_reach_a_level_less_often_is_one_finding():
    """Seconds to it would say no more than the iterations do."""
    base, head = [40.0] * 10, [40.0] + [np.inf] * 9
    found = failures(decide(pd.concat([
        made_up(base, head, f"{unit} to 1e-06")
        for unit in ("seconds", "iterations")])), set())
    assert [d.metric for d in found] == ["iterations to 1e-06"]
