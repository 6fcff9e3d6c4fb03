"""What a comparison says: both ratios, and no more than a comment holds."""
import itertools

import numpy as np
import pandas as pd
import pytest

from ci import UserError
from ci.tracking.commands import compare
from ci.tracking.decisions import decide
from ci.tracking.git import Commit
from ci.tracking.texts import (
    MARK,
    change,
    how,
    markdown,
    no_comparison,
    terminal_table,
)
from ci.tracking.verdict import Bounds, Decision

SOLVERS, REPETITIONS = "VWXYZ", 10


def timed(rng, slower, everywhere, solvers=SOLVERS):
    """Times of solvers, of which head's are longer, the first one's more."""
    rows = []
    for solver, side, r in itertools.product(
            solvers, ("base", "head"), range(REPETITIONS)):
        factor = (everywhere if side == "head" else 1) * (
            slower if (side, solver) == ("head", solvers[0]) else 1)
        rows.append(("B", "D", "O", solver, "seconds in all", side, r,
                     factor * np.exp(0.05 * rng.standard_normal())))
    return pd.DataFrame(rows, columns=[
        "benchmark", "dataset", "objective", "solver", "metric", "side",
        "repetition", "value"])


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_both_ratios_are_given(rng):
    """Head over base as the columns have it, and relative to the others."""
    decisions = decide(timed(rng, slower=1.5, everywhere=1.5))
    [curve] = [d for d in decisions if d.solver == "V" and d.dataset == "D"]
    assert curve.ratio == pytest.approx(curve.head / curve.base)
    assert curve.ratio == pytest.approx(2.25, rel=0.1)
    assert curve.relative == pytest.approx(1.5, rel=0.1)
    assert curve.low < curve.relative < curve.high < curve.ratio
    text = change(curve)
    assert text.startswith(f"x {curve.ratio:.4g}; relative to the benchmark's "
                           f"solvers x {curve.relative:.4g} [")
    assert text in terminal_table(decisions)
    [everything] = [d for d in decisions if d.solver == "all"]
    assert everything.ratio == pytest.approx(1.5, rel=0.1)
    assert "relative" not in change(everything)


def test_few_solvers_have_one_ratio(rng):
    """Nothing is taken off, and the interval is the ratio's."""
    for decision in decide(timed(rng, 1.5, 1.5, "VW")):
        assert decision.low < decision.ratio < decision.high
        assert "relative" not in change(decision)


def test_a_comment_is_short_enough_for_github():
    """It takes 65,536 characters: the worst are shown, the others counted."""
    commit = Commit("0" * 40, "", "", "", False)
    new = [Decision("benchmark_lasso", "Simulated[n_atoms=256,n=64]",
                    f"Lasso[reg=0.{n}]", "Solver[a=1,b=2]" * 4, "area",
                    "new", np.nan, 1.0) for n in range(918)]
    worse = [Decision("B", "D", "O", f"S{ratio}", "m", "worse", 1, ratio,
                      ratio) for ratio in (2, np.inf, 3)]
    text = markdown(new + worse, commit, commit, "How.")
    assert 40_000 < len(text) < 65_536
    rows = [line for line in text.splitlines() if line.startswith("| ")][2:]
    assert [row.split("S")[1][:3] for row in rows[:3]] == [
        "inf", "3 \\", "2 \\"]
    assert f"and {921 - len(rows)} more, see changes.txt" in text
    assert text.endswith("How.\n")
    assert "more, see" not in markdown(worse, commit, commit, "How.")


def test_why_there_is_no_comparison_is_said():
    """As text, whatever is in it, of any length."""
    commit = Commit("0" * 40, "", "", "", False)
    error = UserError("x" * 10**5 + "\n\n``` <b>")
    mark, *_, last, end = no_comparison(
        commit, commit, error).split("\n")
    assert (mark, last, end) == (MARK, "    ``` <b>", "")
    assert len(no_comparison(commit, commit, error)) < 65_536


def test_the_help_and_the_report_say_what_is_relative():
    assert "relative to the benchmark's solvers" in how(3, Bounds())
    assert "relative to the others" in compare.__doc__
