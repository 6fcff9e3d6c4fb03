"""The landing page, as HTML."""

import html
from importlib.resources import files as resources

from ci.claims.overview import STYLE, counts, overview
from ci.claims.records import lines_of
from ci.claims.words import DECIDING
from ci.html.page import POLICY
from ci.names import class_of
from ci.ranking.table import winners_table
from ci.site.configs import command

ABOUT = (
    "Optimisation algorithms for inverse problems, compared reproducibly: "
    "classical iterations, networks that unroll them and were trained, and "
    "exact solvers, on the same data. The optima of the Lasso and of total "
    "variation have a certificate; where no optimum is known, final values "
    "are compared. Times are those of a new batch of problems; what training "
    "takes is counted apart.")


def landing_page(benchmarks, pages, history, claims):
    """Write the page.

    Parameters
    ----------
    benchmarks : list of Benchmark
    pages : list of dict, see `ci.site.command.pages_of`
    history, claims : str, the names of the pages of the history and of all
        claims, or ""

    Returns
    -------
    str, HTML
    """
    style = (resources("ci.site") / "site.css").read_text("utf-8")
    past = (
        f'<p><a href="{history}">How each solver developed, commit by '
        "commit</a></p>" if history else
        "<p>No history yet: <code>python -m ci run</code> begins one.</p>")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">{POLICY}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Optimisation algorithms on inverse problems</title>
<style>{style}{STYLE}</style></head><body>
<header><h1>Optimisation algorithms on inverse problems</h1>
<p>{ABOUT}</p></header><main>
{"".join(map(section, benchmarks, pages))}
<section><h2>Claims</h2>{claims_table(benchmarks, claims)}</section>
<section><h2>History</h2>{past}</section>
</main></body></html>
"""


def section(benchmark, pages):
    """Write all about one benchmark.

    Parameters
    ----------
    benchmark : Benchmark
    pages : dict, see `ci.site.command.pages_of`

    Returns
    -------
    str, an element of HTML
    """
    name = html.escape(benchmark.path.name)
    links = [f'<a href="{pages[kind]}">{text}</a>' for kind, text in (
        ("report", "Report: every curve"),
        ("claims", "Claims: figures and budgets"))
        if kind in pages]
    about = "".join(f"<p>{html.escape(text)}</p>" for text in benchmark.about)
    missing = "" if benchmark.result else (
        f"<p>No results of this machine yet: <code>"
        f"{html.escape(command(benchmark.path))}</code> makes some.</p>")
    return f"""<section id="{name}"><h2>{html.escape(benchmark.title)}
<small>{name}</small></h2>
{about}
{run_of(benchmark.run) if benchmark.run else ""}{missing}
<p class="links">{" ".join(links)}</p>
</section>
"""


def run_of(run):
    """Write what ran, and who is the fastest.

    Parameters
    ----------
    run : Run

    Returns
    -------
    str, HTML
    """
    solvers = ", ".join(dict.fromkeys(map(class_of, run.solvers)))
    fastest = winners_table(run.winners)
    if fastest:
        fastest = (
            "<details open><summary>Fastest solver, by distance to the "
            f'optimum</summary><div class="scrolled" tabindex="0">{fastest}'
            "</div></details>")
    return f"""<p><b>Compared:</b> {html.escape(solvers)}.</p>
<p>{html.escape(run.origin)} {html.escape(run.sentence)}</p>{fastest}
"""


def claims_table(benchmarks, page):
    """Write the verdicts of all benchmarks' claims in one table.

    Parameters
    ----------
    benchmarks : list of Benchmark
    page : str, the name of the page of all claims

    Returns
    -------
    str, HTML
    """
    lines = [line for one in benchmarks
             for line in lines_of(one.path, one.claims, page)]
    if not lines:
        return ("<p>No verdicts are kept yet: <code>python -m ci claims "
                "BENCHMARK --full --record</code> computes them.</p>")
    return (f'{counts(lines)}<p><a href="{page}">All claims, part by part, '
            f"with their intervals</a>. {DECIDING}</p>{overview(lines)}")
