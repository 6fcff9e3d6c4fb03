"""The page of the claims: verdicts, numbers, figures, budgets, commands."""

import html
from datetime import datetime
from importlib.resources import files as resources
from typing import NamedTuple

import pandas as pd

from ci.claims.claim import Claim
from ci.claims.forest import forest
from ci.claims.overview import STYLE, Line, badge, counts, overview
from ci.claims.parts import MARGIN
from ci.claims.verdict import Verdict
from ci.claims.words import DECIDING, INTERVALS
from ci.html.page import PLOTLY, POLICY, inlined, script_json, script_safe


class Result(NamedTuple):
    """What the page shows of one claim."""

    claim: Claim
    verdict: Verdict
    rows: pd.DataFrame
    """The evaluations that the claim asked for."""
    commands: list
    """The calls of benchopt that make them, as text."""


def claims_page(benchmark, mode, results, figures, call):
    """Write the page, one string of HTML that asks for no other file.

    Parameters
    ----------
    benchmark : Path
    mode : str, quick or full
    results : list of Result
    figures : list of Figure, see `ci.claims.figure.draw`
    call : dict, what this call of the command did: calls, wall_s

    Returns
    -------
    str
    """
    title = f"Claims: {benchmark.resolve().name}, {mode} mode"
    panels, sections = [], []
    for result, figure in zip(results, figures, strict=True):
        plots = "".join(
            f'<div class="plot" id="panel{len(panels) + n}"></div>'
            for n in range(len(figure.panels)))
        plots += reason_text(figure.reason and (
            f"There is no figure: {figure.reason}"))
        command = (f"python -m ci claims {benchmark} --{mode} "
                   f"--only {result.claim.name}")
        sections.append(section(result, plots, command, mode))
        panels += figure.panels
    lines = [Line(f"#{claim.name}", claim.name, claim.title, mode, verdict)
             for claim, verdict, _, _ in results]
    style = (resources("ci.claims") / "claims.css").read_text("utf-8")
    script = (resources("ci.claims") / "claims.js").read_text("utf-8")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">{POLICY}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{style}{STYLE}</style>{inlined(PLOTLY)}</head><body>
<header><h1>{html.escape(title)}</h1>
{counts(lines)}<p>{summary(call)}</p></header>
{overview(lines)}
{"".join(sections)}
<script>const panels = {script_json(panels)};
{script_safe(script)}</script>
</body></html>
"""


def summary(call):
    """Say in a few sentences what the page is made of."""
    made = (f"{call['calls']} calls of benchopt in {call['wall_s']:.0f} s, "
            "cached results included" if call["calls"]
            else "from result files that were there")
    return (
        "A claim consists of parts; each is an effect, larger where it speaks "
        f"for the claim, with {INTERVALS}, and a bar. A part holds if its "
        "whole interval is beyond the bar, which keeps a margin of "
        f"{MARGIN:.0%} from equality. {DECIDING} {made.capitalize()}; "
        f"{datetime.now():%Y-%m-%d %H:%M}.")


def reason_text(reason):
    """Write a reason as a paragraph; "" if there is none."""
    return (f'<p class="reason">{html.escape(reason)}</p>' if reason else "")


def section(result, plots, command, mode):
    """Write all about one claim.

    Parameters
    ----------
    result : Result
    plots : str, HTML, the places of its panels
    command : str, which runs and judges this claim only
    mode : str, quick or full

    Returns
    -------
    str, an element of HTML.
    """
    claim, verdict, rows, commands = result
    reason = reason_text(verdict.reason)
    changes = (f'<p class="source"><b>Changed here.</b> '
               f"{html.escape(claim.changes)}</p>" if claim.changes else "")
    return f"""<section id="{claim.name}">
<h2><span class="name">{claim.name}</span> {html.escape(claim.title)}
{badge(verdict.verdict)}</h2>
<p class="sentence">{html.escape(claim.sentence)}</p>
<p class="source">{html.escape(claim.source)}</p>{changes}{reason}
{forest(verdict.parts, mode)}<div class="plots">{plots}</div>
<p class="budget"><b>Budget.</b> {budget(rows)}</p>
<details><summary>Reproduce: <code>{html.escape(command)}</code></summary>
<pre>{html.escape(chr(10).join(commands))}</pre></details>
</section>
"""


def budget(rows):
    """Write the runs, seconds, sizes and seeds behind a verdict."""
    if rows.empty:
        return "nothing was run."
    curves = rows.groupby(
        ["solver_name", "dataset_name", "objective_name", "base_seed"])
    timed = [f"{curves['time'].max().sum():.3g} s in the solvers"]
    if "objective_train_time_s" in rows:
        training = curves["objective_train_time_s"].max().sum()
        timed.append(f"{training:.3g} s of training")
    data = ", ".join(rows["dataset_name"].unique())
    objectives = ", ".join(rows["objective_name"].unique())
    return html.escape(
        f"{curves.ngroups} runs, {len(rows)} evaluations; "
        f"{', '.join(timed)}; {data}; {objectives}; seeds "
        f"{', '.join(map(str, sorted(rows['base_seed'].unique())))}.")
