"""The landing page, as HTML."""

import html
from importlib.resources import files as resources

from ci.html.page import POLICY
from ci.ranking.table import winners_table

ABOUT = (
    "Optimisation algorithms for inverse problems, compared reproducibly: "
    "classical iterations, networks that unroll them and were trained, and "
    "exact solvers, on the same data, against optima with a certificate. "
    "Times are those of a new batch of problems; what training takes is "
    "counted apart.")


def landing_page(benchmarks, pages, history):
    """Write the page.

    Parameters
    ----------
    benchmarks : list of Benchmark
    pages : list of dict, see `ci.site.command.pages_of`
    history : str, the name of the history's page, or ""

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
<style>{style}</style></head><body>
<header><h1>Optimisation algorithms on inverse problems</h1>
<p>{ABOUT}</p></header><main>
{"".join(map(section, benchmarks, pages))}
<section><h2>Claims</h2>{claims_table(benchmarks, pages)}</section>
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
        ("report", "Report: every curve"), ("claims", "Claims, part by part"))
        if kind in pages]
    missing = "" if benchmark.result else (
        f"<p>No results yet: <code>benchopt run {name}</code> makes some.</p>")
    solvers = ", ".join(dict.fromkeys(
        solver.split("[")[0] for solver in benchmark.solvers))
    fastest = winners_table(benchmark.winners)
    if fastest:
        fastest = (f"<details open><summary>Fastest solver, by distance to "
                   f"the optimum</summary>{fastest}</details>")
    compared = f"<p><b>Compared:</b> {html.escape(solvers)}.</p>"
    return f"""<section id="{name}"><h2>{html.escape(benchmark.title)}
<small>{name}</small></h2>
<p>{html.escape(benchmark.about)}</p>{missing}
{compared if solvers else ""}<p>{html.escape(benchmark.sentence)}</p>
{fastest}<p class="links">{" ".join(links)}</p>
</section>
"""


def claims_table(benchmarks, pages):
    """Write the verdicts of all benchmarks' claims in one table."""
    rows = ""
    for benchmark, links in zip(benchmarks, pages, strict=True):
        for claim in benchmark.claims:
            name = html.escape(claim["name"])
            if "claims" in links:
                name = f'<a href="{links["claims"]}#{name}">{name}</a>'
            rows += (
                f"<tr><td>{name}</td><td>{html.escape(claim['title'])}</td>"
                f"<td>{html.escape(claim['verdict'])}</td>"
                f"<td>{html.escape(claim['decisive'])}</td></tr>\n")
    if not rows:
        return ("<p>No verdicts are kept yet: <code>python -m ci claims "
                "BENCHMARK --full --record</code> computes them.</p>")
    head = "".join(f"<th>{name}</th>" for name in (
        "Claim", "", "Verdict", "What decided it"))
    return (f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody>"
            "</table>")
