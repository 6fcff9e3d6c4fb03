"""What claims are made of: selections, verdicts, figures, numbers."""
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from ci.claims.claim import (
    Curve,
    Missing,
    Panel,
    band,
    by_seed,
    load_claims,
    matches,
    where,
)
from ci.claims.figure import (
    colour,
    finite,
    log_axis,
    plotly,
    solver_looks,
)
from ci.claims.verdict import NOT_RUN, explain, judge
from ci.html.styles import FIRST, look
from ci.printed import plain

TINY = Path(__file__).with_name("tiny_benchmark")


def test_claims_are_named_after_their_files():
    every = load_claims(TINY, full=True)
    assert [claim.name for claim in every] == ["G1", "G2"]
    assert every[0].runs[0].dataset == ["Made-up[n_dim=9]"]
    [one] = load_claims(TINY, full=False, only=["g2"])
    assert one.sentence == "Doing nothing is as good as 12 steps."


@pytest.mark.parametrize(("name", "selector", "expected"), [
    ("A[a=1,b=x]", "A", True), ("A[a=1,b=x]", "A[b=x]", True),
    ("A[a=1,b=x]", "A[b=y]", False), ("A[a=1]", "B[a=1]", False),
    ("A[a=1]", "A[c=1]", False), ("A", "A[a=1]", False),
    ("A[a=True]", "A[a=True]", True), ("A[a=0.1]", "A[a=.1]", True),
])
def test_selectors_are_those_of_benchopt(name, selector, expected):
    assert matches(name, selector) is expected


def made_up():
    return pd.DataFrame({
        "solver_name": ["A[a=1]"] * 3 + ["A[a=2]"] * 2,
        "dataset_name": "D", "objective_name": "O",
        "base_seed": [0, 1, 1, 0, 0], "stop_val": [1, 1, 2, 5, 3],
        "y": [1.0, 3.0, 9.0, 5.0, 4.0],
    })


def test_rows_of_a_selection():
    df = made_up()
    assert where(df, "A[a=2]", "D")["stop_val"].tolist() == [3, 5]
    assert list(by_seed(df)) == [0, 1]
    with pytest.raises(Missing, match=r"of A\[a=3\] on D on O, got none"):
        where(df, "A[a=3]", "D", "O")


def test_bands_are_over_all_seeds():
    curve = band(where(made_up(), "A[a=1]"), "y", "label")
    assert (curve.x, curve.y, curve.low, curve.high) == (
        [1], [2.0], [1.0], [3.0])


def test_reasons_are_benchopts():
    log = plain(
        "\x1b[1;34m    |--A[a=1]:\x1b[0m 10 %  \r    |--A[a=1]: done   \n"
        "Traceback\n  raise ValueError('x')\nValueError: too few: 1\n"
        "    |--A[a=2]: error  \n"
        "    |--B: skip\n    Reason: no GPU   \n    |--C: not installed\n")
    problem = "D", "O"
    assert explain(log, "A[a=1]", *problem) == ""
    assert explain(log, "A[a=2]", *problem) == "ValueError: too few: 1"
    assert explain(log, "B", *problem) == "skip: no GPU"
    assert explain(log, "C", *problem) == "not installed"
    assert explain("  |--O[reg=2]: skip\n Reason: no file\n", "A", *problem
                   ) == "skip: no file"


def test_a_reason_is_that_of_the_solver_on_its_problem():
    """Others of the claim, and it on other problems, have reasons of their
    own."""
    log = plain(
        "D[a=1]\n  |--O[reg=1]\n"
        "    |--A: skip\n    Reason: no GPU\n"
        "ValueError: too few\n    |--B[x=1]: error\n"
        "D[a=2]\n  |--O[reg=2] skip\n  Reason: no file\n  |--O[reg=1]\n"
        "    |--A: done\n"
        "LinAlgError: singular matrix\n    |--B[x=1]: error\n"
        "E not installed\n")
    for selection, reason in (
            (("B[x=1]", "D[a=2]", "O[reg=1]"), "LinAlgError: singular matrix"),
            (("B[x=1]", "D[a=1]", "O[reg=1]"), "ValueError: too few"),
            (("B[x=1]", "D[a=2]", "O[reg=2]"), "skip: no file"),
            (("B[x=1]", "D[a=1]", "O[reg=2]"), ""),
            (("A", "D[a=1]", "O"), "skip: no GPU"),
            (("A", "D[a=2]", "O[reg=1]"), ""),
            (("A", "E", "O"), "not installed")):
        assert explain(log, *selection) == reason


def test_what_a_check_misses_is_blamed_on_no_seed():
    """Its runs are all there; the last seed looked at has nothing to do with
    it."""
    [claim] = load_claims(TINY, full=False, only=["G2"])
    [run] = claim.runs
    rows = [(solver, run.dataset[0], run.objective[0], seed, 1)
            for solver in run.solver for seed in (0, 1)]
    df = pd.DataFrame(rows, columns=[
        "solver_name", "dataset_name", "objective_name", "base_seed",
        "stop_val"])

    def check(df):
        raise Missing("expected the samples' file, got none")

    claim.module = SimpleNamespace(check=check)
    verdict = judge(claim, df, [0, 1])
    assert (verdict.verdict, verdict.reason) == (
        NOT_RUN, "expected the samples' file, got none")
    lacking = judge(claim, df[df["base_seed"] == 1], [0, 1])
    assert lacking.reason.startswith("seed 0: expected results of ")


def test_colours_differ_within_a_figure_and_stay_on_a_page():
    def figure(*labels):
        return [Panel("", "", "", [
            Curve(label, [], [], dash="dash" if label == "bound" else "solid")
            for label in labels])]

    page = {}
    first = colour(figure("A", "bound", "B"), page)
    second = colour(figure("C", "B", "A"), page)
    assert set(first) == {"A", "B"}
    assert [first[name] for name in "AB"] == [second[name] for name in "AB"]
    assert len(set(second.values())) == 3


def test_log_axes_are_labelled():
    assert log_axis([[1, 2], [20]])["ticktext"] == [
        "1", "2", "5", "10", "20"]
    assert log_axis([[1e-9, 1.0]])["dtick"] == 2
    assert log_axis([[0.0]]) == {}


def test_what_is_not_a_number_is_a_gap():
    panel = Panel("", "", "", [Curve("A", [1, 2], [float("nan"), 3.0],
                                     [float("-inf"), 2.0], [1, 4])])
    band, line = plotly(panel, {})["data"]
    assert line["y"] == [None, 3.0]
    assert band["y"] == [1.0, 4.0, 2.0, None]
    assert finite([True, "a", (1, {"b": float("inf")})]) == [
        True, "a", [1.0, {"b": None}]]


def test_solvers_look_in_claims_as_in_reports():
    panel = Panel("t", "x", "y", [
        Curve(label, [1], [1]) for label in (
            "ISTA", "FISTA[restart=True]", "FISTA, digits", "1/L")])
    looks = solver_looks([panel], list(FIRST))
    assert looks["ISTA"] == look(FIRST.index("ISTA"))
    assert looks["FISTA[restart=True]"] == look(FIRST.index("FISTA"))
    assert looks["FISTA, digits"][1] == look(FIRST.index("FISTA"))[1]
    assert "1/L" not in looks
    colours = colour([panel], {}, looks)
    assert len(set(colours.values())) == 4
    drawn = plotly(panel, colours, looks)["data"]
    assert drawn[0]["marker"]["symbol"] == looks["ISTA"][1]
    assert drawn[3]["marker"]["symbol"] == 0
