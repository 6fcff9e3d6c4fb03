"""The verdicts of a comparison as text: terminal, Markdown, JUnit, JSON."""

import json
import math
from itertools import accumulate
from textwrap import indent
from xml.etree import ElementTree

from ci.tracking.metrics import ALL, TIMES
from ci.tracking.verdict import (
    BETTER,
    GONE,
    NEW,
    SAME,
    TIME,
    UNDECIDED,
    WORSE,
)

SIGNS = {WORSE: "❌", GONE: "❌", UNDECIDED: "❔", BETTER: "✅", NEW: "🆕",
         SAME: ""}
MARK = "<!-- python -m ci compare -->"
"""By this line a workflow finds the comment that it wrote before."""

LONGEST = 60_000
"""Characters of a table, or of an error, in a comment, of which GitHub takes
65,536."""
RELATIVE = "relative to the benchmark's solvers"


def short(value):
    """Write a number in four digits."""
    return "-" if math.isnan(value) else f"{value:.4g}"


def place(decision):
    """Write what a decision is on: benchmark, solver, data, objective."""
    parts = [decision.benchmark, decision.solver, decision.dataset,
             decision.objective]
    said = [part for part in parts if part != ALL]
    return " | ".join(said if decision.solver != ALL
                      else [*said, "all solvers"])


def change(decision):
    """Write the ratio, and the one relative to the other solvers, with its
    interval and probability, where it has one, and the note."""
    if math.isnan(decision.ratio):
        return decision.note or decision.verdict
    text = f"x {short(decision.ratio)}"
    if not math.isnan(decision.relative):
        text += f"; {RELATIVE} x {short(decision.relative)}"
    if not math.isnan(decision.low):
        text += (f" [{short(decision.low)}, {short(decision.high)}], "
                 f"p = {decision.p:.2g}")
    return f"{text}, {decision.note}" if decision.note else text


def counts(decisions):
    """Write how many decisions there are of each verdict."""
    said = [decision.verdict for decision in decisions]
    return ", ".join(f"{said.count(verdict)} {verdict}" for verdict in SIGNS
                     if verdict in said)


def changed(decisions):
    """Return what is not the same, the worst first."""
    order = list(SIGNS)
    return sorted(
        (d for d in decisions if d.verdict != SAME),
        key=lambda d: (order.index(d.verdict),
                       0 if math.isnan(d.ratio) else -d.ratio))


def terminal_table(decisions):
    """Write a line for each change.

    Parameters
    ----------
    decisions : list of Decision

    Returns
    -------
    str
    """
    lines = [f"{d.verdict:<9} {change(d)}  {d.metric}  {place(d)}"
             for d in changed(decisions)]
    return "\n".join([*lines, counts(decisions) or "nothing was compared"])


def markdown(decisions, base, head, how):
    """Write the changes for a pull request, as many as a comment takes.

    Parameters
    ----------
    decisions : list of Decision
    base, head : Commit
    how : str, on repetitions and bounds

    Returns
    -------
    str
    """
    rows = [
        f"| {SIGNS[d.verdict]} {d.verdict} | {cell(place(d))} | {d.metric} | "
        f"{short(d.base)} | {short(d.head)} | {cell(change(d))} |"
        for d in changed(decisions)]
    lengths = accumulate(len(row) + 1 for row in rows)
    shown = rows[:sum(length <= LONGEST for length in lengths)]
    table = ["| | where | metric | base | head | head / base |",
             "| --- | --- | --- | --- | --- | --- |", *shown]
    if len(shown) < len(rows):
        table += ["", f"… and {len(rows) - len(shown)} more, see changes.txt "
                  f"in the artifact."]
    return "\n".join([
        MARK, f"### {base.id[:10]} → {head.id[:10]}: {counts(decisions)}", "",
        *(table if rows else ["Nothing changed."]), "", how, ""])


def no_comparison(base, head, error):
    """Write for a pull request why there is no comparison.

    Parameters
    ----------
    base, head : Commit
    error : UserError

    Returns
    -------
    str, Markdown
    """
    return "\n".join([
        MARK, f"### {base.id[:10]} → {head.id[:10]}: not compared", "",
        indent(str(error)[-LONGEST // 2:], "    ", lambda line: True), ""])


def how(repetitions, bounds):
    """Write on what repetitions and bounds a comparison rests.

    Parameters
    ----------
    repetitions : int
    bounds : Bounds

    Returns
    -------
    str
    """
    return (
        f"{repetitions} interleaved runs of each; worse: deterministic "
        f"metrics by {bounds.tolerance:.2g}, times and memory by x "
        f"{bounds.threshold:g}, with at most {bounds.alpha:g} false alarms a "
        f"comparison among times and metrics whose repetitions differ. Times "
        f"are geometric means. A ratio {RELATIVE}, over the median of theirs, "
        f"is what is judged where it is given: the interval and p are its.")


def cell(text):
    """Escape what would end a cell of a table in Markdown, or be HTML."""
    return (text.replace("&", "&amp;").replace("<", "&lt;")
            .replace("|", "\\|"))


def junit(decisions, failed):
    """Write the decisions as tests in JUnit's format.

    Parameters
    ----------
    decisions : list of Decision
    failed : list of Decision, those that count as failed tests

    Returns
    -------
    bytes, XML
    """
    suite = ElementTree.Element(
        "testsuite", name="ci compare", tests=str(len(decisions)),
        failures=str(len(failed)))
    for decision in decisions:
        case = ElementTree.SubElement(
            suite, "testcase", classname=decision.benchmark,
            name=f"{place(decision)}: {decision.metric}")
        if decision in failed:
            ElementTree.SubElement(case, "failure", message=(
                f"{decision.verdict}: {short(decision.base)} -> "
                f"{short(decision.head)}, {change(decision)}"))
    return ElementTree.tostring(suite, encoding="utf-8",
                                xml_declaration=True)


def action_json(decisions):
    """Write head's numbers as github-action-benchmark's customSmallerIsBetter.

    Parameters
    ----------
    decisions : list of Decision

    Returns
    -------
    str, a JSON list of objects with name, unit, value and extra
    """
    return json.dumps([
        {"name": f"{place(d)}: {d.metric}",
         "unit": "s" if d.metric in {TIME, *TIMES} else "",
         "value": d.head, "extra": change(d)}
        for d in decisions if math.isfinite(d.head)], indent=1)
