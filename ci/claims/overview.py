"""The table of claims that pages begin with, and how many verdicts it has."""

import html
from collections import Counter
from importlib.resources import files as resources
from typing import NamedTuple

from ci.claims.verdict import VERDICTS, Verdict
from ci.claims.words import QUICK, decisive

OWN = "E"
"""Claims with this letter nobody published: they are the suite's questions."""

STYLE = (resources("ci.claims") / "overview.css").read_text("utf-8")
"""What a page's style sheet lacks for the table and for badges."""


class Line(NamedTuple):
    """A line of the table."""

    link: str
    """Where all about the claim is."""
    name: str
    title: str
    mode: str
    """quick or full"""
    verdict: Verdict


def overview(lines):
    """Write the table.

    Parameters
    ----------
    lines : list of Line

    Returns
    -------
    str, HTML
    """
    head = "".join(f"<th>{name}</th>" for name in (
        "Claim", "", "Verdict", "Mode", "What decided it"))
    return (f'<table class="overview"><thead><tr>{head}</tr></thead><tbody>\n'
            f'{"".join(map(row, lines))}</tbody></table>')


def row(line):
    """Write one line of the table."""
    link = f'<a href="{html.escape(line.link)}">'
    return (
        f"<tr><td>{link}{html.escape(line.name)}</a></td>"
        f"<td>{link}{html.escape(line.title)}</a></td>"
        f"<td>{badge(line.verdict.verdict)}</td>"
        f"<td>{line.mode}</td>"
        f"<td>{html.escape(decisive(line.verdict))}</td></tr>\n")


def badge(verdict):
    """Write a verdict, coloured."""
    return f'<span class="badge {kind(verdict)}">{verdict}</span>'


def kind(verdict):
    """Return the class that a verdict has in the style sheet."""
    return verdict.translate({ord(" "): "-", ord("("): None, ord(")"): None})


def counts(lines):
    """Count the verdicts: of what was published, and of what was not; in the
    full mode, and in the quick mode.

    Parameters
    ----------
    lines : list of Line

    Returns
    -------
    str, HTML
    """
    said = Counter(
        (line.name.startswith(OWN), line.mode, line.verdict.verdict)
        for line in lines)
    items = ""
    for own, whose in ((False, "Published claims"),
                       (True, f"The suite's own questions ({OWN})")):
        for mode in ("full", "quick"):
            found = ", ".join(f"<b>{said[own, mode, v]}</b> {v}"
                              for v in VERDICTS if said[own, mode, v])
            items += f"<li>{whose}, {mode} mode: {found}.</li>" * bool(found)
    quick = f"<p>{QUICK}</p>" if any(x.mode == "quick" for x in lines) else ""
    return f'<ul class="counts">{items}</ul>{quick}' if items else (
        "<p>No verdict is on record yet.</p>")
