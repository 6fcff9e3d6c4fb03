"""One page of all claims of all benchmarks, from the verdicts on record."""

import html
from collections import Counter
from importlib.resources import files as resources

from ci.claims.forest import forest
from ci.claims.page import badge
from ci.claims.parts import MARGIN
from ci.claims.record import read_record, verdict_of
from ci.claims.verdict import VERDICTS
from ci.claims.words import INTERVALS, QUICK, decisive
from ci.html.page import POLICY

ABOUT = (
    "Each claim consists of parts; a part is an effect, larger where it "
    f"speaks for the claim, with {INTERVALS}, and a bar, {{margin}} from "
    "equality unless the claim sets its own. Parts in the source's own regime "
    f"decide. The verdicts are those of the last recorded runs. {QUICK}")


def with_claims(root):
    """List the benchmarks of a suite that have claims.

    Parameters
    ----------
    root : Path, the suite's folder

    Returns
    -------
    list of Path, sorted
    """
    return sorted(path.parent.parent for path in root.glob(
        "benchmark_*/claims/__init__.py"))


def anchor(benchmark, claim):
    """Return the id of a claim on the page.

    Parameters
    ----------
    benchmark : Path
    claim : dict, its record

    Returns
    -------
    str
    """
    return f"{benchmark.name}-{claim['name']}"


def records_page(benchmarks, pages=None):
    """Write the page, one string of HTML that asks for no other file.

    Parameters
    ----------
    benchmarks : list of Path
    pages : dict, a benchmark's name -> link to the page of its own runs, with
        figures and budgets; where there is none, it has no link

    Returns
    -------
    str
    """
    records = {path: read_record(path) for path in benchmarks}
    said = Counter(r["verdict"] for one in records.values() for r in one)
    counts = ", ".join(f"<b>{said[v]}</b> {v}" for v in VERDICTS if said[v])
    rows = "".join(
        overview_row(path, r) for path, one in records.items() for r in one)
    sections = "".join(
        benchmark_section(path, one, (pages or {}).get(path.name))
        for path, one in records.items())
    style = (resources("ci.claims") / "claims.css").read_text("utf-8")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">{POLICY}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Published claims, all benchmarks</title>
<style>{style}</style></head><body>
<header><h1>Published claims, all benchmarks</h1>
<p>{counts or "No verdict is on record yet"}.
{ABOUT.format(margin=f"{MARGIN:.0%}")}</p></header>
<table class="overview"><thead><tr><th>Claim</th><th>Verdict</th>
<th></th><th>What decided it</th></tr></thead><tbody>
{rows}</tbody></table>
{sections}</body></html>
"""


def overview_row(benchmark, claim):
    """Write one line of the table at the top."""
    link = f'<a href="#{html.escape(anchor(benchmark, claim))}">'
    return (
        f"<tr><td>{link}{html.escape(claim['name'])}</a></td>"
        f"<td>{badge(claim['verdict'])}</td>"
        f"<td>{link}{html.escape(claim['title'])}</a></td>"
        f"<td>{html.escape(decisive(verdict_of(claim)))}</td></tr>\n")


def benchmark_section(benchmark, claims, page):
    """Write the claims of one benchmark.

    Parameters
    ----------
    benchmark : Path
    claims : list of dict, its record
    page : str or None, link to the page of its own runs

    Returns
    -------
    str, HTML
    """
    name = html.escape(benchmark.name)
    link = (f'<p><a class="more" href="{html.escape(page)}">Figures, budgets '
            "and commands of the last run</a></p>" if page else "")
    empty = "" if claims else (
        f"<p>None is on record yet: <code>python -m ci claims {name} "
        "--record</code> runs and records them.</p>")
    return (f'<h2 class="benchmark" id="{name}">{name}</h2>{link}{empty}'
            + "".join(claim_section(benchmark, claim) for claim in claims))


def claim_section(benchmark, claim):
    """Write one claim with the forest plot of its parts."""
    verdict = verdict_of(claim)
    drawn = forest(verdict.parts, claim["mode"]) if verdict.parts else (
        '<p class="reason">Its parts are not on record: '
        f"<code>python -m ci claims {html.escape(benchmark.name)} --only "
        f"{html.escape(claim['name'])} --record</code> adds them.</p>")
    seeds = ", ".join(map(str, claim["seeds"]))
    return f"""<section id="{html.escape(anchor(benchmark, claim))}">
<h3><span class="name">{html.escape(claim["name"])}</span>
{html.escape(claim["title"])} {badge(claim["verdict"])}</h3>
<p class="sentence">{html.escape(claim.get("sentence", ""))}</p>
<p class="source">{html.escape(claim.get("source", ""))}</p>
<p class="source">Mode {claim["mode"]}, seeds {seeds or "none"}.
{html.escape(decisive(verdict))}</p>{drawn}</section>
"""


def records_table(benchmarks):
    """Write all verdicts for the terminal.

    Parameters
    ----------
    benchmarks : list of Path

    Returns
    -------
    str, a line for each claim
    """
    lines = []
    for benchmark in benchmarks:
        lines += [f"{benchmark.name}:"] + [
            f"  {r['name']:<4}{r['verdict']:<17}{r['mode']:<6}{r['title']}"
            for r in read_record(benchmark)]
    return "\n".join(lines)
