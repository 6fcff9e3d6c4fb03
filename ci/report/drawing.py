"""Draw one plot of benchopt with matplotlib, at the size of a paper's text.

Each function takes an empty figure and the data of one plot, see
https://benchopt.github.io for its fields.
"""

import math

import numpy as np
from matplotlib.colors import to_rgb

from ci.html.display import numbers
from ci.html.styles import DASHES, OPEN, SHAPES
from ci.report.display import wrap

WIDTH = 5.5  # inches, the text width of common paper styles
TITLE = 88  # characters in a line of the title at WIDTH
LABEL = 44  # characters in a line of a tick label
GREY = "0.85"


def draw_curves(fig, plot):
    """Draw curves with their bands, and a legend below the axes."""
    legend = _legend(fig, plot["data"])
    _resize(fig, plot, 2.7 + legend)
    ax = _axes(fig, plot)
    for i, curve in enumerate(plot["data"]):
        marker = curve.get("marker", 0)
        ax.plot(
            curve["x"], curve["y"], color=_color(curve, i),
            marker=SHAPES[marker % OPEN],
            fillstyle="none" if marker >= OPEN else "full",
            linestyle=DASHES[curve.get("dash", "solid")],
            markevery=max(1, len(curve["x"]) // 12),
        )
        band = {"color": _color(curve, i), "alpha": 0.25, "linewidth": 0}
        if "y_low" in curve:
            ax.fill_between(
                curve["x"], curve["y_low"], curve["y_high"], **band
            )
        elif "x_low" in curve:
            ax.fill_betweenx(
                curve["y"], curve["x_low"], curve["x_high"], **band
            )
    if plot["scale"] in ("loglog", "semilog-x"):
        ax.set_xscale("log")
    ys = numbers([curve["y"] for curve in plot["data"]])
    if _value_scale(plot) == "log" and (ys > 0).any():
        ax.set_yscale("log")
        ax.set_ylim(bottom=ys[ys > 0].min() / 2)
    ax.set_xlabel(_text(plot["xlabel"]))
    _add_legend(fig, ax.get_lines(), plot["data"])


def draw_bars(fig, plot):
    """Draw the median as a bar, and each value as a tick on it."""
    data = plot["data"]
    labels = [_text(bar["label"], LABEL) for bar in data]
    _resize(fig, plot, _rows_height(labels))
    ax = _axes(fig, plot)
    for i, bar in enumerate(data):
        values = numbers(bar["y"])
        text = bar.get("text") or ("" if len(values) else "no number")
        color = GREY if text else _color(bar, i)
        if len(values):
            ax.barh(i, np.median(values), height=0.7, color=color)
        if text:
            ax.text(
                0.01, i, text, va="center",
                transform=ax.get_yaxis_transform(),
            )
        else:
            ax.plot(values, np.full(len(values), i), "k|")
    _label_rows(ax, plot, labels)


def draw_boxes(fig, plot):
    """Draw boxes: a row for each name, or side by side over numbers."""
    data = plot["data"]
    places = list(dict.fromkeys(x for box in data for x in box["x"]))
    rows = any(isinstance(x, str) for x in places)
    grouped = not rows and len(data) > 1
    legend = _legend(fig, data) if grouped else 0
    labels = [_text(str(x), LABEL) for x in places]
    _resize(fig, plot, _rows_height(labels) if rows else 2.7 + legend)
    ax = _axes(fig, plot)
    width = 0.7 / len(data) if grouped else 0.7
    handles = []
    for i, box in enumerate(data):
        shift = (i - (len(data) - 1) / 2) * width if grouped else 0
        color = _color(box, i)
        drawn = ax.boxplot(
            [numbers(y) for y in box["y"]],
            positions=[places.index(x) + shift for x in box["x"]],
            widths=0.8 * width,
            orientation="horizontal" if rows else "vertical",
            manage_ticks=False, patch_artist=True,
            boxprops={"facecolor": (*to_rgb(color), 0.3), "edgecolor": color},
            medianprops={"color": color},
            whiskerprops={"color": color},
            capprops={"color": color},
            flierprops={"marker": ".", "markeredgecolor": color},
        )
        handles += drawn["boxes"][:1]
    if rows:
        return _label_rows(ax, plot, labels)
    shown = range(0, len(places), math.ceil(len(places) / 12))
    ax.set_xticks(shown, [labels[i] for i in shown])
    ax.set_yscale(_value_scale(plot))
    ax.set_xlabel(_text(plot["xlabel"]))
    if grouped:
        _add_legend(fig, handles, data)


def draw_table(fig, plot):
    """Draw a table in its order on the page, with rules as in a paper."""
    rows = _sorted(plot)
    cells = [plot["columns"], *([_cell(x) for x in row] for row in rows)]
    widths = [
        max(len(str(row[j])) for row in cells) + 3
        for j in range(len(plot["columns"]))
    ]
    fig.set_size_inches(max(WIDTH, sum(widths) * 0.068), 0)
    _resize(fig, plot, 0.3 + 0.18 * len(cells))
    ax = _axes(fig, plot)
    ax.set_axis_off()
    ax.set(xlim=(0, sum(widths)), ylim=(len(cells) - 0.5, -0.5))
    ax.hlines([-0.5, 0.5, len(cells) - 0.5], *ax.get_xlim(), color="k", lw=0.8)
    for i, row in enumerate(cells):
        ax.text(0.5, i, _text(row[0], 200), va="center")
        for j, cell in enumerate(row[1:], start=2):
            right = sum(widths[:j]) - 1
            ax.text(right, i, _text(cell, 200), va="center", ha="right")


def draw_images(fig, plot):
    """Draw pictures in a grid; of an animation, the last frame."""
    data = plot["data"]
    columns = plot.get("ncols") or min(len(data), 3)
    rows = math.ceil(len(data) / columns)
    names = [_text(item.get("label", ""), 70 // columns) for item in data]
    _resize(fig, plot, rows * (WIDTH / columns + 0.14 * _lines(names) + 0.2))
    axes = np.ravel(fig.subplots(rows, columns, squeeze=False))
    for ax in axes:
        ax.set_axis_off()
    for ax, item, name in zip(axes, data, names, strict=False):
        picture = item["image"]
        if isinstance(picture, list) and picture:
            picture = picture[-1]
        if picture is not None:
            ax.imshow(np.clip(picture, 0, 1), cmap="gray", vmin=0, vmax=1)
            ax.set_title(name)


DRAW = {
    "scatter": draw_curves,
    "bar_chart": draw_bars,
    "boxplot": draw_boxes,
    "table": draw_table,
    "image": draw_images,
}


def _resize(fig, plot, height):
    """Set the title, and the height of the plot below it in inches."""
    title = fig.suptitle(_text(plot["title"])).get_text()
    width = max(WIDTH, fig.get_figwidth())
    fig.set_size_inches(width, height + 0.14 * _lines([title]) + 0.1)


def _lines(texts):
    """Return the number of lines of the longest of several texts."""
    return max(text.count("\n") for text in texts) + 1


def _rows_height(labels):
    return 0.6 + len(labels) * (0.14 + 0.13 * _lines(labels))


def _axes(fig, plot):
    ax = fig.add_subplot()
    ax.set_ylabel(_text(plot["ylabel"]))
    return ax


def _text(text, width=TITLE):
    """Wrap a text, and keep its dollars from starting a formula."""
    return wrap(text, width).replace("$", r"\$")


def _value_scale(plot):
    return "linear" if plot["scale"] in ("linear", "semilog-x") else "log"


def _color(item, i):
    return item.get("color", f"C{i % 10}")


def _columns(data):
    longest = max(len(_text(item["label"])) for item in data)
    return max(1, min(len(data), 4, TITLE // (longest + 8)))


def _legend(fig, data):
    """Return the height of a legend in inches."""
    lines = [_lines([_text(item["label"])]) for item in data]
    return 0.16 * sum(lines) / _columns(data) + 0.2


def _add_legend(fig, handles, data):
    fig.legend(
        handles, [_text(item["label"]) for item in data],
        loc="outside lower center", ncols=_columns(data),
    )


def _label_rows(ax, plot, labels):
    """Name the rows of a horizontal plot, whose values run along x."""
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.grid(visible=False, axis="y")
    ax.set_xscale(_value_scale(plot))
    ax.set_xlabel(_text(plot["ylabel"]))
    ax.set_ylabel("")


def _cell(value):
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value).replace("**", "").replace("__", "")


def _sorted(plot):
    """Sort the rows of a table as its page does, with NaN last."""
    column = plot.get("default_order_column", 0)
    if isinstance(column, str):
        column = plot["columns"].index(column)

    def key(row):
        value = row[column]
        if isinstance(value, (int, float)):
            return (math.isnan(value), value, "")
        return (False, math.inf, str(value))

    descending = not plot.get("default_order_ascending", True)
    return sorted(plot["data"], key=key, reverse=descending)
