"""The page of the claims: verdicts, numbers, figures, budgets, commands."""

import html
import json
import math
from datetime import datetime
from importlib.resources import files as resources
from numbers import Real

from ci.claims.verdict import FAILS, HOLDS, NOT_RUN
from ci.html.display import numbers
from ci.html.page import POLICY, inlined, script_safe

PLOTLY = "plotly.js-2.12.1/plotly.min.js"
CLASSES = {HOLDS: "holds", FAILS: "fails", NOT_RUN: "not-run"}

# Okabe and Ito's colours, which colour-blind readers tell apart.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00",
           "#7A5195", "#8C6D31", "#B2182B"]
GREY = "#6B7280"


def short(value):
    """A number in few digits; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    return f"{value:d}" if isinstance(value, int) else f"{value:.3g}"


def claims_page(benchmark, mode, results, call):
    """The page, one string of HTML that asks for no other file.

    Parameters
    ----------
    benchmark : Path
    mode : str, quick or full
    results : list of (Claim, Verdict, DataFrame of its rows, commands)
    call : dict, what this call of the command did: seeds, calls, wall_s

    Returns
    -------
    str
    """
    counts = [(v, sum(r[1].verdict == v for r in results)) for v in CLASSES]
    title = f"Published claims: {benchmark.resolve().name}, {mode} mode"
    panels, sections, colours = [], [], {}
    for claim, verdict, rows, commands in results:
        figure = claim.module.figure(rows) if verdict.checks else []
        sections.append(section(claim, verdict, rows, commands, len(panels),
                                figure, mode, benchmark))
        drawn = colour(figure, colours)
        panels += [plotly(panel, drawn) for panel in figure]
    data = json.dumps(finite(panels)).replace("<", r"\u003c")
    style = (resources("ci.claims") / "claims.css").read_text("utf-8")
    script = (resources("ci.claims") / "claims.js").read_text("utf-8")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">{POLICY}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<style>{style}</style>{inlined(PLOTLY)}</head><body>
<header><h1>{html.escape(title)}</h1>
<p>{summary(counts, call)}</p></header>
<table class="overview"><thead><tr><th>Claim</th><th>Verdict</th>
<th></th><th>Decisive number, by seed</th></tr></thead><tbody>
{"".join(map(overview_row, results))}</tbody></table>
{"".join(sections)}
<script>{script_safe(f"const panels = {data};")}
{script_safe(script)}</script>
</body></html>
"""


def summary(counts, call):
    """What the page is made of, in a sentence."""
    verdicts = ", ".join(f"<b>{n}</b> {v}" for v, n in counts if n)
    seeds = ", ".join(map(str, call["seeds"]))
    made = (f"{call['calls']} calls of benchopt in {call['wall_s']:.0f} s, "
            "cached results included" if call["calls"]
            else "from result files that were there")
    return (f"{verdicts}. A claim holds if it holds on each of the seeds "
            f"{seeds}; every verdict is computed from the numbers below it. "
            f"{made.capitalize()}; {datetime.now():%Y-%m-%d %H:%M}.")


def decisive(verdict):
    """The first number behind a verdict, by seed; or why there is none."""
    if not verdict.checks:
        return verdict.reason
    checks = verdict.checks.values()
    label = next(iter(next(iter(checks)).numbers))
    return f"{label}: " + ", ".join(
        short(check.numbers.get(label, "")) for check in checks)


def overview_row(result):
    """One line of the table at the top."""
    claim, verdict, _, _ = result
    return (
        f'<tr><td><a href="#{claim.name}">{claim.name}</a></td>'
        f"<td>{badge(verdict.verdict)}</td>"
        f'<td><a href="#{claim.name}">{html.escape(claim.title)}</a></td>'
        f"<td>{html.escape(decisive(verdict))}</td></tr>\n")


def badge(verdict):
    """A verdict, coloured."""
    return f'<span class="badge {CLASSES[verdict]}">{verdict}</span>'


def section(claim, verdict, rows, commands, first, figure, mode, benchmark):
    """All about one claim."""
    plots = "".join(f'<div class="plot" id="panel{first + n}"></div>'
                    for n in range(len(figure)))
    command = (f"python -m ci claims {benchmark} --{mode} "
               f"--only {claim.name}")
    reason = (f'<p class="reason">{html.escape(verdict.reason)}</p>'
              if verdict.reason else "")
    return f"""<section id="{claim.name}">
<h2><span class="name">{claim.name}</span> {html.escape(claim.title)}
{badge(verdict.verdict)}</h2>
<p class="sentence">{html.escape(claim.sentence)}</p>
<p class="source">{html.escape(claim.source)}</p>{reason}
{numbers_table(verdict)}<div class="plots">{plots}</div>
<p class="budget"><b>Budget.</b> {budget(rows)}</p>
<details><summary>Reproduce: <code>{html.escape(command)}</code></summary>
<pre>{html.escape(chr(10).join(commands))}</pre></details>
</section>
"""


def numbers_table(verdict):
    """The numbers behind a verdict: a row for each, a column per seed."""
    if not verdict.checks:
        return ""
    head = "".join(f"<th>seed {seed}</th>" for seed in verdict.checks)
    labels = dict.fromkeys(
        label for c in verdict.checks.values() for label in c.numbers)
    body = "".join(
        f"<tr><td>{html.escape(label)}</td>" + "".join(
            f"<td>{html.escape(short(c.numbers.get(label, '')))}</td>"
            for c in verdict.checks.values()) + "</tr>"
        for label in labels)
    said = "".join(
        f"<td>{HOLDS if c.holds else FAILS}</td>"
        for c in verdict.checks.values())
    return (f'<table class="numbers"><thead><tr><th></th>{head}</tr></thead>'
            f'<tbody>{body}<tr class="said"><td>this seed</td>{said}</tr>'
            "</tbody></table>")


def budget(rows):
    """Runs, seconds, sizes and seeds behind a verdict."""
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


def colour(figure, taken):
    """The colours of a figure's labels, different within the figure.

    A label that `taken`, the page's labels so far, has keeps its colour if it
    can. Dashed curves, such as bounds, have none.
    """
    labels = dict.fromkeys(curve.label for panel in figure
                           for curve in panel.curves if curve.dash == "solid")
    chosen = {}
    for known in (True, False):
        for label in labels:
            if label in chosen or (label in taken) != known:
                continue
            free = [c for c in COLOURS if c not in chosen.values()] or COLOURS
            wish = taken.get(label)
            chosen[label] = wish if wish in free else free[0]
            taken.setdefault(label, chosen[label])
    return chosen


def plotly(panel, colours):
    """A panel as plotly's data and layout; labels without colour are grey."""
    data = []
    for curve in panel.curves:
        colour = colours.get(curve.label, GREY)
        if curve.low is not None:
            data.append({
                "x": [*curve.x, *reversed(curve.x)],
                "y": [*curve.high, *reversed(curve.low)],
                "fill": "toself", "fillcolor": f"{colour}26",
                "line": {"width": 0}, "mode": "lines", "hoverinfo": "skip",
                "showlegend": False, "legendgroup": curve.label,
            })
        data.append({
            "x": curve.x, "y": curve.y, "name": curve.label,
            "mode": curve.mode, "legendgroup": curve.label,
            "line": {"color": colour, "dash": curve.dash, "width": 2},
            "marker": {"color": colour, "size": 5},
        })
    return {"data": data, "layout": {
        "title": {"text": panel.title},
        **{f"{axis}axis": {
            "title": {"text": label},
            **(log_axis(values) if axis in panel.log else {}),
        } for axis, label, values in (
            ("x", panel.xlabel, [c.x for c in panel.curves]),
            ("y", panel.ylabel,
             [(c.y, c.low, c.high) for c in panel.curves]))},
    }}


def log_axis(values):
    """A log axis with a label a decade; below two decades at 1, 2, 5."""
    values = numbers(values)
    values = values[values > 0]
    if not len(values):
        return {}
    low, high = math.log10(values.min()), math.log10(values.max())
    first, last = math.floor(low), math.ceil(high)
    if high - low > 2:
        every = 1 + (last - first) // 9
        return {"type": "log", "dtick": every}
    ticks = [d * 10.0**k for k in range(first, last + 1) for d in (1, 2, 5)]
    shown = [t for t in ticks if values.min() / 1.5 <= t
             <= values.max() * 1.5]
    return {"type": "log", "tickvals": shown,
            "ticktext": [f"{t:g}" for t in shown]}


def finite(value):
    """Nested lists and dicts without NaN and infinities, for JSON."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    if isinstance(value, Real) and not isinstance(value, bool):
        value = float(value)
        return value if math.isfinite(value) else None
    return value
