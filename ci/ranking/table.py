"""Who is fastest on each problem, or lowest, as tables of HTML."""

import html

from ci.curves import LEVELS
from ci.names import short_names


def winners_table(winners):
    """Write who is fastest on each problem, as HTML; "" without any.

    Parameters
    ----------
    winners : list of Winner

    Returns
    -------
    str
    """
    if not winners:
        return ""
    names = short_names(solver for one in winners
                        for kind in (one.fastest, one.trained)
                        for solver, _ in kind.values())
    cell = problem_cells(winners)
    head = "".join(f"<th>to {level:.0e}</th>" for level in LEVELS)
    rows = "".join(
        f"<tr>{cell(one.dataset, one.objective)}"
        + "".join(f"<td>{fastest(one, level, names)}</td>"
                  for level in LEVELS)
        + "</tr>\n" for one in winners)
    return (f"<table><thead><tr><th>Data, objective</th>{head}</tr></thead>"
            f"<tbody>\n{rows}</tbody></table>")


def problem_cells(rows):
    """Return what writes a data set and an objective as a cell.

    Parameters
    ----------
    rows : list of tuples that begin with a data set and an objective

    Returns
    -------
    callable of these two; a name is without the parameters that all names
    have, which its title keeps
    """
    names = short_names(row[0] for row in rows) | short_names(
        row[1] for row in rows)

    def cell(*problem):
        full = html.escape(", ".join(problem))
        said = "<br>".join(html.escape(names[name]) for name in problem)
        return f'<td title="{full}">{said}</td>'

    return cell


def fastest(winner, level, names):
    """Write who is fastest to a level, without and with training."""
    if level in winner.starts:
        return "the start is there"
    if level not in winner.fastest:
        return "none"
    solver, seconds = winner.fastest[level]
    text = f"<b>{html.escape(names[solver])}</b> {duration(seconds)}"
    other, longer = winner.trained[level]
    if other != solver:
        text += (f"<br>with training: {html.escape(names[other])} "
                 f"{duration(longer)}")
    return text


def lowest_table(ends):
    """Write who ends lowest on each problem, as HTML; "" without any.

    Parameters
    ----------
    ends : list, see `ci.ranking.times.lowest_values`

    Returns
    -------
    str
    """
    names = short_names(one[0] for *_, ranking in ends for one in ranking)
    cell = problem_cells(ends)
    rows = "".join(
        f"<tr>{cell(dataset, objective)}" + "".join(
            f"<td><b>{html.escape(names[solver])}</b> {value:.5g}<br>"
            f"after {duration(seconds)}</td>"
            for solver, value, seconds in ranking[:3])
        + "<td></td>" * (3 - len(ranking)) + "</tr>\n"
        for dataset, objective, ranking in ends)
    if not rows:
        return ""
    head = "".join(f"<th>{name}</th>" for name in (
        "Data, objective", "Lowest final value", "second", "third"))
    return (f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}</tbody>"
            "</table>")


def duration(seconds):
    """Write seconds with a unit, in three digits."""
    for unit, name in ((1, "s"), (1e-3, "ms")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds * 1e6:.3g} µs"
