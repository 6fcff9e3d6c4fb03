"""Verdicts, parts and effects as text: for the terminal, README and page."""

import math

from ci.claims.parts import (
    DIFFERENCE,
    EXTENDED,
    FAILS,
    HOLDS,
    SOURCE,
    STAND_IN,
    THEOREM,
    UNDECIDED,
)
from ci.claims.record import verdict_of
from ci.claims.verdict import deciders

QUICK = (
    "In quick mode small problems stand in for the source's: its regime is "
    f'called "{STAND_IN}", and only the full mode gives a verdict on it.')

DECIDING = (
    "Parts in the source's own regime decide. Where the source gives no "
    "set-up, or it is not run, one of the suite stands in for it, and what "
    "decided the claim begins with 'in a stand-in'. Where a claim has "
    "neither, all of its parts decide, and it begins with 'in the suite's "
    "own set-up'. A theorem decides only where nothing else does, unless it "
    "does not hold. A claim holds if each of these parts does. Where "
    "one does not, they are judged at once: their intervals are widened for "
    "their number (Bonferroni), since of many parts some would hold, or "
    "fail, by chance.")
INTERVALS = (
    "its interval over seeds and test samples at 95 % (where a seed's effect "
    "is infinite, or those of all seeds are equal, the median's over seeds, "
    "at 93.75 % or more)")

MOST_NAMED = 2
"""Places where a claim holds that one line has room for."""


def short(value):
    """Write a number in three digits."""
    return f"{value:.3g}"


def effect_text(part):
    """Write an effect, its interval and the bar: "1.5 [1.3, 1.8], bar 1.1".

    An effect that is NaN is that of a run which ended before it could be seen.
    """
    value, low, high, *_ = part.effect
    if math.isnan(value):
        return f"not seen before the run's end, bar {short(part.level)}"
    if low == high == value:
        return f"{short(value)}, bar {short(part.level)}"
    return (f"{short(value)} [{short(low)}, {short(high)}], "
            f"bar {short(part.level)}")


def circumstances(part, mode):
    """Write the regime, the trainer and the safeguard of a part.

    Parameters
    ----------
    part : Part
    mode : str, quick or full

    Returns
    -------
    str
    """
    smaller = part.regime == SOURCE and mode == "quick"
    said = ["theorem" if part.bar == THEOREM else
            STAND_IN if smaller else part.regime]
    if part.trainer:
        said.append(part.trainer)
    if part.safeguarded is not None:
        said.append("safeguarded" if part.safeguarded else "not safeguarded")
    return ", ".join(said)


def decisive(verdict):
    """Write what decided a verdict: a count, and the part that says most.

    Parameters
    ----------
    verdict : Verdict

    Returns
    -------
    str, one line; the reason, if there is one, where there are no parts.
    """
    if not verdict.parts:
        return verdict.reason
    deciding = deciders(verdict.parts)
    whose = {SOURCE: "", STAND_IN: "in a stand-in for the source's set-up, ",
             EXTENDED: "in the suite's own set-up, "}[deciding[0].regime]
    theorems = [] if deciding[0].bar == THEOREM else [
        part for part in verdict.parts if part.bar == THEOREM]
    others = [*(p for p in theorems if p.verdict == FAILS),
              *(p for p in [*deciding, *theorems] if p.verdict != HOLDS)]
    # the first that does not hold; else the weakest, relative to its bar
    part = others[0] if others else min(deciding, key=clearance)
    said = f"; {part.verdict}" if others else (
        "; the closest to its bar" if len(deciding) > 1 else "")
    return (f"{whose}{tally(deciding, theorems)}{said}: {part.where}: "
            f"{part.effect_of} {effect_text(part)}")


def tally(deciding, theorems):
    """Count the parts that hold, and name their places where others do not.

    Parameters
    ----------
    deciding : list of Part
    theorems : list of Part, those that are beside them

    Returns
    -------
    str, such as "2 of 6 parts hold (4 undecided), on a; b"
    """
    n, n_hold, n_open, n_true = len(deciding), *(
        sum(part.verdict == verdict for part in parts) for parts, verdict in (
            (deciding, HOLDS), (deciding, UNDECIDED), (theorems, HOLDS)))
    asides = [f"{n_open} undecided"] * bool(n_open)
    asides += [f"{n_true} of {len(theorems)} theorems hold"] * bool(theorems)
    aside = f" ({'; '.join(asides)})" if asides else ""
    if n_hold == n:
        held = "its part holds" if n == 1 else f"all {n} parts hold"
        return held + aside
    on = f", on {where_they_hold(deciding)}" if n_hold else ""
    return f"{n_hold} of {n} parts hold{aside}{on}"


def clearance(part):
    """Return how far the interval lies above the bar, on its own scale."""
    if part.effect.scale == DIFFERENCE:
        return part.effect.low - part.level
    return math.log(max(part.effect.low, 1e-300) / part.level)


def where_they_hold(deciding):
    """Name the first places where parts hold, and how many more there are.

    Where another part does not hold, what was compared is named, too.

    Parameters
    ----------
    deciding : list of Part

    Returns
    -------
    str
    """
    hold = [part for part in deciding if part.verdict == HOLDS]
    mixed = {part.where for part in deciding if part.verdict != HOLDS}
    named = [*dict.fromkeys(
        [part.where for part in hold if part.where not in mixed]
        + [f"{part.where}: {part.effect_of}" for part in hold
           if part.where in mixed])]
    n_more = len(named) - MOST_NAMED
    more = f" and {n_more} more" if n_more > 0 else ""
    return "; ".join(named[:MOST_NAMED]) + more


def terminal_table(results, mode):
    """Write each claim's verdict, and under it its parts, a line for each.

    Parameters
    ----------
    results : list of Result
    mode : str, quick or full

    Returns
    -------
    str
    """
    lines = []
    for claim, verdict, _, _ in results:
        lines.append(f"{claim.name:<4}{verdict.verdict:<17}{claim.title}")
        if verdict.reason:
            lines.append(f"      {verdict.reason}")
        rows = [(part.verdict, part.where, part.effect_of, effect_text(part),
                 circumstances(part, mode)) for part in verdict.parts]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += ["      " + "  ".join(
            text.ljust(width) for text, width in zip(row, widths, strict=True)
        ).rstrip() for row in rows]
    return "\n".join(lines + ([QUICK] if mode == "quick" else []))


def markdown_table(records):
    """Write the table of claims for a README.

    Parameters
    ----------
    records : list of dict, see `ci.claims.record`

    Returns
    -------
    str, lines of Markdown
    """
    return "\n".join([
        "| claim | | mode, seeds | verdict | what decided it |",
        "| --- | --- | --- | --- | --- |",
        *(f"| {r['name']} | {cell(r['title'])} | {r['mode']}, "
          f"{len(r['seeds'])} | {r['verdict']} | "
          f"{cell(decisive(verdict_of(r)))} |"
          for r in records)])


def cell(text):
    """Escape what would end a cell of a table in Markdown."""
    return text.replace("|", "\\|")
