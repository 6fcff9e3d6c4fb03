"""What opens a report: findings, who is fastest, the performance profile."""

import html
from importlib.resources import files as resources

from ci.curves import LEVELS
from ci.html.page import script_json, script_safe
from ci.names import short_names
from ci.ranking.profile import profile
from ci.ranking.sentences import findings, without_optimum
from ci.ranking.table import lowest_table, winners_table
from ci.ranking.times import (
    lowest_values,
    seconds_to_levels,
    trained_solvers,
    winners,
)

CHOICES = {"all levels": None} | {f"to {level:g}": [level] for level in LEVELS}
COLUMNS = {"training not counted": "seconds", "training counted": "trained"}
PROFILE = (
    "The share of cases that a method solves within a factor of the fastest "
    "method's time (Dolan and Mor&eacute;, 2002). A case is a data set, an "
    "objective and a level of suboptimality that some method reaches; a "
    "method that does not reach it, or was not run on it, never solves it.")


def summary(df, styles):
    """Write the summary of a run.

    Parameters
    ----------
    df : DataFrame of the run
    styles : ci.html.styles.Styles

    Returns
    -------
    str, an element of HTML with its style and script
    """
    table, trained = seconds_to_levels(df), trained_solvers(df)
    if table.empty:
        ends = lowest_values(df)
        said, who, chart = [without_optimum(ends)], lowest_table(ends), ""
    else:
        said, who = findings(table, trained), winners_table(winners(table))
        chart = chart_of(table, styles, trained)
    style = (resources("ci.report") / "summary.css").read_text("utf-8")
    sentences = "".join(f"<li>{html.escape(one)}</li>" for one in said)
    return f"""<section id="summary" aria-label="Summary">
<style>{style}</style><h3>Summary</h3><ul>{sentences}</ul>
<p class="note">{html.escape(repetitions(df))}</p>
<div class="columns"><div class="who" tabindex="0">{who}</div>{chart}</div>
</section>"""


def repetitions(df):
    """Say on how many repetitions the seconds are medians."""
    number = df["idx_rep"].nunique()
    if number == 1:
        return ("Each solver was run once: of times that are close, another "
                "run may turn the order.")
    return f"Numbers are medians over {number} repetitions."


def chart_of(table, styles, trained):
    """Write the performance profile with its menus.

    Parameters
    ----------
    table : DataFrame, see `ci.ranking.times.seconds_to_levels`
    styles : ci.html.styles.Styles
    trained : set of str, without which training is no choice

    Returns
    -------
    str, HTML
    """
    columns = COLUMNS if trained else dict([*COLUMNS.items()][:1])
    names = short_names(table["solver"].unique())
    data = {
        f"{choice}, {counted}": curves(
            *profile(table, column, levels), names, styles)
        for choice, levels in CHOICES.items()
        for counted, column in columns.items()}
    script = (resources("ci.report") / "summary.js").read_text("utf-8")
    menus = "".join(
        f'<label>{title} <select id="profile_{name}">'
        + "".join(f"<option>{one}</option>" for one in options)
        + "</select></label>" for title, name, options in (
            ("Level", "level", CHOICES), ("Training", "training", columns)))
    return f"""<figure><figcaption><b>Performance profile</b> {menus}
</figcaption><div id="profile"></div><p class="note">{PROFILE}</p>
<script>const profiles = {script_json(data)};
{script_safe(script)}</script></figure>"""


def curves(n_problems, ratios, names, styles):
    """Write profiles as what the page draws.

    Parameters
    ----------
    n_problems, ratios : see `ci.ranking.profile.profile`
    names : dict, solver -> short name
    styles : ci.html.styles.Styles

    Returns
    -------
    dict of n, the number of cases, and curves: their names, looks and, as
    steps, factors and shares, those who solve none left out
    """
    last = max((r[-1] for r in ratios.values() if len(r)), default=1) * 1.2
    return {"n": n_problems, "curves": [
        {"name": names[solver], **styles.of(solver),
         "x": [*own, last],
         "y": [*((n + 1) / n_problems for n in range(len(own))),
               len(own) / n_problems]}
        for solver, own in ratios.items() if len(own)]}
