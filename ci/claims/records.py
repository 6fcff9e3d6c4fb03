"""One page of all claims of all benchmarks, from the verdicts on record."""

import html
from importlib.resources import files as resources

from ci.claims.forest import forest
from ci.claims.overview import STYLE, Line, badge, counts, overview
from ci.claims.parts import MARGIN
from ci.claims.record import read_record, verdict_of
from ci.claims.words import DECIDING, INTERVALS, decisive
from ci.html.page import POLICY

ABOUT = (
    "Each claim consists of parts; a part is an effect, larger where it "
    f"speaks for the claim, with {INTERVALS}, and a bar, {MARGIN:.0%} from "
    f"equality unless the claim sets its own. {DECIDING} The verdicts are "
    "those of the last recorded runs.")


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


def lines_of(benchmark, record, page=""):
    """List the lines of a table of claims.

    Parameters
    ----------
    benchmark : Path
    record : list of dict, its record
    page : str, link to the page of all claims; "" on that page

    Returns
    -------
    list of Line
    """
    return [Line(f"{page}#{anchor(benchmark, claim)}", claim["name"],
                 claim["title"], claim["mode"], verdict_of(claim))
            for claim in record]


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
    lines = [line for path, one in records.items()
             for line in lines_of(path, one)]
    sections = "".join(
        benchmark_section(path, one, (pages or {}).get(path.name))
        for path, one in records.items())
    style = (resources("ci.claims") / "claims.css").read_text("utf-8")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">{POLICY}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Claims, all benchmarks</title>
<style>{style}{STYLE}</style></head><body>
<header><h1>Claims, all benchmarks</h1>
{counts(lines)}<p>{ABOUT}</p></header>
{overview(lines)}
{sections}</body></html>
"""


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
