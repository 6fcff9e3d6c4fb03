"""How the verdicts of parts make a claim's, and the words for it."""

import numpy as np
import pytest

from ci.claims.parts import (
    EXTENDED,
    FAILS,
    HOLDS,
    SOURCE,
    STAND_IN,
    TIE,
    UNDECIDED,
    Effect,
    Part,
    theorem,
)
from ci.claims.verdict import IN_PART, PROVEN, Verdict, deciders, together
from ci.claims.words import circumstances, decisive, effect_text


def parts(*verdicts, regime="source"):
    made = {HOLDS: (2.0, 3.0), FAILS: (0.1, 0.2), TIE: (1.0, 1.0),
            UNDECIDED: (0.5, 2.0)}
    return [Part("there", "a / b", Effect(1.0, *made[v]), regime=regime)
            for v in verdicts]


@pytest.mark.parametrize(("verdicts", "expected"), [
    ([HOLDS, HOLDS], HOLDS), ([HOLDS, FAILS], IN_PART),
    ([HOLDS, UNDECIDED], IN_PART), ([TIE, FAILS], FAILS),
    ([TIE, UNDECIDED], UNDECIDED), ([TIE, TIE], TIE)])
def test_verdict_of_a_claim(verdicts, expected):
    of_source = parts(*verdicts)
    assert together(of_source) == expected
    assert together(of_source + parts(FAILS, HOLDS, regime=EXTENDED)) == (
        expected)
    assert together(parts(*verdicts, regime=EXTENDED)) == expected


def test_theorems():
    proven = theorem("everywhere", "bound / gap", 1.5)
    assert together([proven]) == PROVEN
    assert together([proven, *parts(HOLDS)]) == HOLDS
    assert together([theorem("", "", 0.99)]) == FAILS


@pytest.mark.parametrize("verdicts", [
    [FAILS, FAILS], [UNDECIDED], [TIE, TIE], [HOLDS, FAILS], [HOLDS]])
def test_a_theorem_adds_nothing_to_what_it_is_beside(verdicts):
    """It says nothing about the rest of a claim, unless it does not hold, or
    was not seen: then the claim does not hold as a whole."""
    proven, broken, unseen = (
        theorem("", "bound / gap", value) for value in (1.5, 0.99, np.nan))
    others = parts(*verdicts)
    assert deciders([proven, *others]) == others
    assert together([proven, *others]) == together(others)
    assert together([unseen, *others]) == (
        IN_PART if HOLDS in verdicts else together(others))
    assert together([broken, *others]) == FAILS
    assert together([*others, broken._replace(regime=EXTENDED)]) == FAILS
    said = decisive(Verdict(FAILS, "", [*others, proven, broken]))
    assert "1 of 2 theorems hold)" in said
    assert said.endswith("does not hold: : bound / gap 0.99, bar 1")


def test_theorems_are_counted_apart():
    proven = theorem("everywhere", "bound / gap", 1.5)
    said = decisive(Verdict(HOLDS, "", [*parts(HOLDS), proven]))
    assert said.startswith("its part holds (1 of 1 theorems hold): there: a")
    assert decisive(Verdict(PROVEN, "", [proven, proven])).startswith(
        "all 2 parts hold; the closest to its bar: everywhere")


def test_a_theorem_that_was_not_seen_is_named():
    """Where all else holds, it is what keeps the claim from it."""
    said = decisive(Verdict(IN_PART, "", [
        *parts(HOLDS), theorem("rate", "bound / gap", np.nan)]))
    assert said == (
        "its part holds (0 of 1 theorems hold); undecided: rate: bound / gap "
        "not seen before the run's end, bar 1")


def test_words_say_how_much_is_undecided():
    said = decisive(Verdict(FAILS, "", parts(FAILS, *[UNDECIDED] * 3)))
    assert said.startswith(
        "0 of 4 parts hold (3 undecided); does not hold: there")
    said = decisive(Verdict(IN_PART, "", [
        *parts(UNDECIDED, HOLDS), theorem("", "", 1.5)]))
    assert said.startswith("1 of 2 parts hold (1 undecided; 1 of 1 theorems "
                           "hold), on there: a / b; undecided: there")
    assert "undecided" not in decisive(
        Verdict(IN_PART, "", parts(FAILS, TIE, HOLDS)))


def test_words_say_where_and_by_how_much():
    verdict = Verdict(IN_PART, "", parts(FAILS, HOLDS, HOLDS))
    assert decisive(verdict) == (
        "2 of 3 parts hold, on there: a / b; does not hold: there: a / b "
        "1 [0.1, 0.2], bar 1.1")
    assert decisive(Verdict(HOLDS, "", parts(HOLDS))).startswith(
        "its part holds: there")
    assert effect_text(theorem("", "", 1.5)) == "1.5, bar 1"
    assert effect_text(theorem("", "", np.nan)) == (
        "not seen before the run's end, bar 1")


def test_a_place_is_named_alone_only_where_all_its_parts_hold():
    """Else with what was compared; two are named, and the rest is counted."""
    [fails], [holds] = parts(FAILS), parts(HOLDS)
    elsewhere = [holds._replace(where=place) for place in ("x", "y")]
    said = decisive(Verdict(IN_PART, "", [
        fails, holds._replace(effect_of="c / d"), elsewhere[0]]))
    assert said.startswith("2 of 3 parts hold, on x; there: c / d; does not")
    said = decisive(Verdict(IN_PART, "", [
        fails, holds._replace(effect_of="c / d"), *elsewhere, *elsewhere]))
    assert said.startswith("5 of 6 parts hold, on x; y and 1 more; does not")


def test_quick_modes_problems_stand_in_for_the_sources():
    """In quick mode no part is called the source's; nothing else changes."""
    [source], [other], [extended] = (
        parts(HOLDS, regime=regime)
        for regime in (SOURCE, STAND_IN, EXTENDED))
    assert [circumstances(part, mode) for part in (
        source, other, extended, theorem("", "", 1.5)) for mode in (
        "quick", "full")] == [
            STAND_IN, SOURCE, STAND_IN, STAND_IN, EXTENDED, EXTENDED,
            "theorem", "theorem"]


def test_a_stand_in_decides_as_the_source_does():
    """And what is added to it does not."""
    judged = [*parts(HOLDS, regime=STAND_IN), *parts(FAILS, regime=EXTENDED)]
    assert deciders(judged) == judged[:1]
