"""The table of claims, and how many there are of each verdict."""
import pytest

from ci.claims.overview import Line, counts, overview
from ci.claims.parts import (
    EXTENDED,
    HOLDS,
    SOURCE,
    STAND_IN,
    UNDECIDED,
    Effect,
    Part,
)
from ci.claims.verdict import Verdict
from ci.claims.words import QUICK, decisive


def verdict(said=HOLDS, regime=SOURCE):
    """A verdict of one part."""
    return Verdict(said, "", [
        Part("there", "a / b", Effect(2.0, 1.5, 3.0), regime=regime)])


def test_full_and_quick_verdicts_are_told_apart():
    """In the counts and in the table; so are the suite's own questions."""
    lines = [Line("#L1", "L1", "Bigger <steps>", "full", verdict()),
             Line("#L2", "L2", "", "quick", verdict(UNDECIDED)),
             Line("#L3", "L3", "", "quick", verdict()),
             Line("#E1", "E1", "", "quick", verdict())]
    said = counts(lines)
    assert "Published claims, full mode: <b>1</b> holds.<" in said
    assert ("Published claims, quick mode: <b>1</b> holds, "
            "<b>1</b> undecided.<") in said
    assert "The suite's own questions (E), quick mode: <b>1</b> holds" in said
    assert QUICK in said
    assert QUICK not in counts(lines[:1])
    table = overview(lines)
    assert "<th>Mode</th>" in table
    assert table.count("<td>full</td>") == 1
    assert table.count("<td>quick</td>") == 3
    assert "Bigger &lt;steps&gt;" in table
    assert "No verdict" in counts([])


@pytest.mark.parametrize(("regime", "starts"), [
    (SOURCE, "its part holds: "),
    (STAND_IN, "in a stand-in for the source's set-up, its part holds: "),
    (EXTENDED, "in the suite's own set-up, its part holds: ")])
def test_a_claim_without_a_part_in_the_sources_regime_is_marked(
    regime, starts
):
    assert decisive(verdict(regime=regime)).startswith(starts)
