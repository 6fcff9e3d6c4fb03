"""The history as one HTML page that opens without a network."""

import html
import json
from importlib.resources import files as resources

from ci.html.display import COLOURS
from ci.html.page import PLOTLY, POLICY, inlined, script_json, script_safe
from ci.tracking.series import COMMIT, KEY


def history_page(commits, series, hardware, url="", note=""):
    """Write the page: filters, a chart, sparklines, and the changes.

    Parameters
    ----------
    commits : DataFrame, see `ci.tracking.series.read_series`
    series : list of Series
    hardware : dict of fingerprint to JSON text, see `machines`
    url : str, the address of commits, to which their names are added
    note : str, a sentence shown at the top

    Returns
    -------
    str, HTML
    """
    words, coded = {}, []  # names are many times the same
    for one in series:
        coded.append([
            [words.setdefault(name, len(words)) for name in one.key],
            spans(one.positions), [brief(v) for v in one.values],
            [[step.position, brief(step.before), brief(step.after),
              step.software] for step in one.steps]])
    data = {
        "keys": KEY, "words": list(words), "series": coded, "url": url,
        "commits": commits[COMMIT].to_numpy().tolist(), "colours": COLOURS,
        "machines": {name: json.loads(text)
                     for name, text in hardware.items()}}
    folder = resources("ci.tracking")
    style, script = (
        (folder / f"dashboard.{kind}").read_text("utf-8")
        for kind in ("css", "js"))
    filters = "".join(
        f'<label>{key}<select id="{key}"></select></label>' for key in KEY)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">{POLICY}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>History of the benchmarks</title>
<style>{style}</style>{inlined(PLOTLY)}</head><body>
<header><h1>History of the benchmarks</h1>
<p id="summary"></p><p class="note">{html.escape(note)}</p></header>
<form id="filters" aria-label="Filters">{filters}
<label>search<input id="search" type="search"></label></form>
<section aria-label="Chart"><h2 id="title" aria-live="polite"></h2>
<p id="where" class="where"></p><div id="chart"></div></section>
<section><h2>Series</h2><p id="count"></p><table id="series"><thead><tr>
<th>Solver</th><th>Metric</th><th>Where</th><th>Latest</th><th>Changes</th>
<th>All commits</th></tr></thead><tbody></tbody></table></section>
<section><h2>Changes</h2><table id="changes"><thead><tr><th>Since</th>
<th>Author</th><th>Ratio</th><th>What</th></tr></thead><tbody></tbody></table>
</section>
<script>const data = {script_json(data)};
{script_safe(script)}</script>
</body></html>
"""


def brief(value):
    """Round to five digits."""
    return float(f"{value:.5g}")


def spans(positions):
    """Write increasing integers as [first, length, first, length, ...]."""
    found = []
    for n in positions:
        if found and found[-2] + found[-1] == n:
            found[-1] += 1
        else:
            found += [n, 1]
    return found
