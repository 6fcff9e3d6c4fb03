"""Who is fastest, performance profiles, and the sentences about them."""
import numpy as np
import pandas as pd
import pytest

from ci.html.styles import FIRST, OPEN, Styles, look, solver_classes
from ci.names import short_names, split
from ci.ranking.profile import profile, share_within
from ci.ranking.sentences import findings, without_optimum
from ci.ranking.table import lowest_table, winners_table
from ci.ranking.times import (
    lowest_values,
    seconds_to_levels,
    trained_solvers,
    winners,
)


def curve(solver, seconds, excess, training=0.0, dataset="D"):
    return pd.DataFrame({
        "solver_name": solver, "dataset_name": dataset, "objective_name": "O",
        "sampling_strategy": "Iteration", "idx_rep": 0,
        "stop_val": np.arange(len(excess)), "time": seconds,
        "objective_value": excess, "objective_suboptimality": excess,
        "objective_train_time_s": training})


N = np.arange(12)
SLOW = curve("Slow", N, 10.0**-N)
NET = curve("Net[a=1]", N[:4] / 10, 10.0**-N[:4], 5)


def test_training_is_counted_apart():
    [found] = winners(seconds_to_levels(pd.concat([SLOW, NET])))
    assert found.fastest[1e-2] == ("Net[a=1]", pytest.approx(0.2))
    assert found.trained[1e-2] == ("Slow", pytest.approx(2))
    assert found.fastest[1e-4] == found.trained[1e-4] == (
        "Slow", pytest.approx(4))
    [none] = winners(seconds_to_levels(curve("Bad", N, N + 1.0)))
    assert none.fastest == {}
    html = winners_table([found, none])
    assert html.count("<b>Net</b> 200 ms<br>with training: Slow 2 s") == 1
    assert html.count("<td>none</td>") == 3


def test_nobody_wins_a_race_to_the_start():
    df = pd.concat([curve("A", N, 1e-3 * 10.0**-N), SLOW])
    [found] = winners(seconds_to_levels(df))
    assert found.starts == {1e-2}
    assert set(found.fastest) == {1e-4, 1e-6}
    assert "the start is there" in winners_table([found])
    assert profile(seconds_to_levels(df))[0] == 2


def test_sentences_are_computed():
    df = pd.concat([SLOW, NET])
    said = findings(seconds_to_levels(df), trained_solvers(df))
    assert said == [
        "Fastest to within 1e-06 of the optimum, on 1 problem: Slow on 1.",
        "Once trained, a trained or tuned method is the fastest to 0.01 on 1 "
        "of 1, to 0.0001 on 0 of 1, to 1e-06 on 0 of 1 problems that a method "
        "solves so far.",
        # 5 s of training, 1.8 s gained a batch
        "Training pays soonest for Net to 0.01 on D, O: its 5 s are recovered "
        "after 3 batches.",
        "Within twice the fastest time most often, over 3 cases of a problem "
        "and a level: Slow 67%, Net 33%.",
        "On no problem within 1e-06: Net.",
    ]
    late = pd.concat([SLOW, NET.assign(time=NET["time"] * 100)])
    said = findings(seconds_to_levels(late), trained_solvers(late))
    assert said[1].startswith("No trained or tuned method is the fastest")
    never = curve("Bad", N, N + 1.0)
    assert findings(seconds_to_levels(never), set())[0] == (
        "No solver comes within 1e-06 of the optimum.")


def test_a_profile_is_that_of_its_definition():
    """Against the definition, on random times, some of them infinite."""
    rng = np.random.default_rng(0)
    times = np.exp(rng.standard_normal((4, 30)))
    times[rng.random(times.shape) < 0.2] = np.inf
    table = pd.DataFrame([
        {"dataset": f"d{p}", "objective": "o", "level": 1e-2,
         "solver": f"s{s}", "seconds": times[s, p], "start": False}
        for s in range(4) for p in range(30)])
    n_problems, ratios = profile(table)
    assert n_problems == np.isfinite(times).any(axis=0).sum()
    best = times.min(axis=0)
    for factor in (1, 1.5, 2, 10):
        for s in range(4):
            expected = (times[s] <= factor * best)[np.isfinite(best)].mean()
            assert share_within(
                ratios[f"s{s}"], factor, n_problems) == expected
    # a solver that was not run on a problem has not solved it
    gone = table.drop(index=table[(table["solver"] == "s0")
                                  & (table["dataset"] == "d0")].index)
    assert len(profile(gone)[1]["s0"]) == len(ratios["s0"]) - np.isfinite(
        times[0, 0])


def test_without_an_optimum_the_lowest_value_is_named():
    df = pd.concat([SLOW, curve("Low", N, 10.0**-N - 1),
                    curve("NaN", N, N * np.nan)])
    df = df.drop(columns="objective_suboptimality")
    assert seconds_to_levels(df).empty
    ends = lowest_values(df)
    [(_, _, ranking)] = ends
    assert [name for name, *_ in ranking] == ["Low", "Slow"]
    assert without_optimum(ends).endswith("on 1 problem: Low on 1.")
    tie = [("D", "O", [("A[x=1]", 2.0, 1.0), ("B", 2.0001, 1.0),
                       ("C", 2.1, 1.0)])]
    assert without_optimum(tie).endswith("on 1 problem: A on 1, B on 1.")
    assert "<b>Low</b> -1<br>after 11 s" in lowest_table(ends)


def test_values_that_are_no_number_are_not_ranked():
    """As of a solver whose result is not that of the objective's problem:
    neither where it has some in other repetitions, nor where all are so."""
    nan = N * np.nan
    df = pd.concat([
        SLOW, SLOW.assign(idx_rep=1),
        curve("Half", N, 10.0**-N - 9), curve("Half", N, nan).assign(
            idx_rep=1),
        curve("Image", N, nan), curve("Image", N, nan, dataset="Other")])
    ends = lowest_values(df.drop(columns="objective_suboptimality"))
    assert [(dataset, [name for name, *_ in ranking])
            for dataset, _, ranking in ends] == [("D", ["Slow"])]
    assert without_optimum(ends).endswith("on 1 problem: Slow on 1.")
    assert "Image" not in lowest_table(ends)
    assert "Other" not in lowest_table(ends)
    [_, other] = winners(seconds_to_levels(df))
    assert other.fastest == {}, "nor is one with an optimum"


def test_names_keep_what_tells_them_apart():
    assert short_names(["A[x=1,y=(2,3)]", "A[x=2,y=(2,3)]", "B[z=1]"]) == {
        "A[x=1,y=(2,3)]": "A[x=1]", "A[x=2,y=(2,3)]": "A[x=2]",
        "B[z=1]": "B"}
    assert split("A[x=1,y=(2,3)]") == ("A", ["x=1", "y=(2,3)"])


def test_a_solver_looks_the_same_everywhere(tmp_path):
    """Whatever else is in the run; no two classes look alike."""
    assert len(set(FIRST)) == len(FIRST)
    assert len({look(n) for n in range(120)}) == 120
    folder = tmp_path / "benchmark_a" / "solvers"
    folder.mkdir(parents=True)
    (folder / "new.py").write_text('class Solver:\n    name = "A-new"\n')
    classes = solver_classes(tmp_path)
    assert classes == [*FIRST, "A-new"]
    names = ["FISTA[restart=False,tol=1]", "FISTA[restart=True,tol=1]",
             "A-new", "Net[max_layers=3]"]
    styles = Styles(names, {"Net[max_layers=3]"}, classes)
    alone = Styles(names[:1], set(), solver_classes(tmp_path / "none"))
    assert styles.of(names[0]) == alone.of("FISTA")
    other = styles.of("FISTA[restart=True]")
    assert other == styles.of(names[1])
    assert other["marker"] == styles.of(names[0])["marker"] + OPEN
    assert other["color"] != styles.of(names[0])["color"]
    assert styles.of("Net")["dash"] == "dash"
    assert styles.of("A-new")["dash"] == "solid"
    assert styles.of("1/L") is None
