"""A claim's figure, as the data that plotly draws."""

import math
from numbers import Real
from typing import NamedTuple

from ci.claims.claim import Missing, blamed
from ci.html.display import COLOURS, GREY, numbers
from ci.html.styles import lighter, look
from ci.names import split


class Figure(NamedTuple):
    """What a section of the page shows of `figure(df)`."""

    panels: list
    """of dict, see `plotly`"""
    reason: str = ""
    """Why there are none, where the figure could not be drawn."""


def draw(results, classes):
    """Draw the figures of the claims that have a verdict.

    Parameters
    ----------
    results : list of `ci.claims.page.Result`
    classes : list of str, see `ci.html.styles.solver_classes`

    Returns
    -------
    list of Figure, one for each result; labels that figures share have one
    colour, where that is possible
    """
    colours = {}
    return [drawn(result, colours, classes) if result.verdict.parts
            else Figure([]) for result in results]


def drawn(result, colours, classes):
    """Draw the figure of one claim, see `draw` and `colour`."""
    try:
        figure = result.claim.module.figure(result.rows)
        looks = solver_looks(figure, classes)
        chosen = colour(figure, colours, looks)
        return Figure([plotly(panel, chosen, looks) for panel in figure])
    except Missing as missing:
        return Figure([], str(missing))
    except Exception as error:
        return Figure([], blamed("figure", error))


def solver_looks(figure, classes):
    """Return the looks of the labels that name a solver.

    Parameters
    ----------
    figure : list of Panel
    classes : list of str, see `ci.html.styles.solver_classes`

    Returns
    -------
    dict, label -> (colour, marker), those of the solver's class in all plots
    of the suite; a colour that is in the figure already is made lighter
    """
    found = {}
    for label in dict.fromkeys(c.label for panel in figure
                               for c in panel.curves):
        name = split(label.partition(",")[0])[0]
        if name in classes:
            own, marker = look(classes.index(name))
            used = {colour for colour, _ in found.values()}
            shades = (lighter(own, share) for share in (0, 0.3, 0.5, 0.65))
            found[label] = next(
                (shade for shade in shades if shade not in used), own), marker
    return found


def colour(figure, taken, looks=None):
    """Choose the colours of a figure's labels, different within the figure.

    Parameters
    ----------
    figure : list of Panel
    taken : dict, label -> colour of the page so far; new labels are added. A
        label that is in it keeps its colour if it can.
    looks : dict, see `solver_looks`, colours that are given

    Returns
    -------
    dict, label -> colour, without those of dashed curves, such as bounds.
    """
    labels = dict.fromkeys(curve.label for panel in figure
                           for curve in panel.curves if curve.dash == "solid")
    chosen = {label: given for label, (given, _) in (looks or {}).items()
              if label in labels}
    for known in (True, False):
        for label in labels:
            if label in chosen or (label in taken) != known:
                continue
            free = [c for c in COLOURS if c not in chosen.values()] or COLOURS
            wish = taken.get(label)
            chosen[label] = wish if wish in free else free[0]
            taken.setdefault(label, chosen[label])
    return chosen


def plotly(panel, colours, looks=None):
    """Write a panel as plotly's data and layout.

    Parameters
    ----------
    panel : Panel
    colours : dict, label -> colour; a label without one is grey
    looks : dict, see `solver_looks`, markers that are given

    Returns
    -------
    dict, with the keys data and layout, of finite numbers and None.
    """
    data = []
    for curve in panel.curves:
        colour = colours.get(curve.label, GREY)
        _, marker = (looks or {}).get(curve.label, (colour, 0))
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
            "marker": {"color": colour, "size": 6, "symbol": marker},
        })
    axes = {
        "x": (panel.xlabel, [curve.x for curve in panel.curves]),
        "y": (panel.ylabel, [(curve.y, curve.low, curve.high)
                             for curve in panel.curves]),
    }
    layout = {"title": {"text": panel.title}} | {
        f"{axis}axis": {"title": {"text": label}} | (
            log_axis(values) if axis in panel.log else {})
        for axis, (label, values) in axes.items()}
    return finite({"data": data, "layout": layout})


def log_axis(values):
    """Lay out a log axis with labels that can be read.

    Parameters
    ----------
    values : nested lists of the numbers along it

    Returns
    -------
    dict, plotly's settings: a label at most every decade; below two decades,
    labels at 1, 2 and 5. It is empty if no value is positive.
    """
    values = numbers(values)
    values = values[values > 0]
    if not len(values):
        return {}
    low, high = math.log10(values.min()), math.log10(values.max())
    first, last = math.floor(low), math.ceil(high)
    if high - low > 2:
        return {"type": "log", "dtick": 1 + (last - first) // 9}
    ticks = [d * 10.0**k for k in range(first, last + 1) for d in (1, 2, 5)]
    shown = [tick for tick in ticks if values.min() / 1.5 <= tick
             <= values.max() * 1.5]
    return {"type": "log", "tickvals": shown,
            "ticktext": [f"{tick:g}" for tick in shown]}


def finite(value):
    """Replace NaN and infinities by None, in nested lists and dicts.

    JSON has neither, and plotly leaves a gap at None.
    """
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(item) for item in value]
    if isinstance(value, Real) and not isinstance(value, bool):
        value = float(value)
        return value if math.isfinite(value) else None
    return value
