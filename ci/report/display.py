"""How a report shows numbers and names: scales of axes, breaks of lines."""

import re

from ci.html.display import numbers

# A log scale pays from two decades on.
SPAN = 100
# benchopt's names for the scales of x and y
SCALES = {
    ("linear", "linear"): "linear",
    ("linear", "log"): "semilog-y",
    ("log", "linear"): "semilog-x",
    ("log", "log"): "loglog",
}


def axis_scale(values, drop_zeros=False):
    """Choose the scale of an axis.

    Parameters
    ----------
    values : nested lists of numbers
    drop_zeros : bool, whether zeros, and rounding errors of zero (at most
        1e-12 of the largest), may fall off a log scale

    Returns
    -------
    "log" if the values are positive over two decades or more, else "linear".
    """
    values = numbers(values)
    if drop_zeros:
        sizes = abs(values)
        values = values[sizes > 1e-12 * sizes.max(initial=0)]
    if not len(values) or values.min() <= 0:
        return "linear"
    return "log" if values.max() >= SPAN * values.min() else "linear"


def wrap(text, width):
    """Break lines where a name with parameters can be broken.

    Parameters
    ----------
    text : str
    width : int, the largest number of characters in a line; a longer piece
        without a comma, bracket or space stays whole

    Returns
    -------
    str
    """
    lines = []
    for line in text.split("\n"):
        lines.append("")
        for piece in re.findall(r"[^,[ ]*[,[ ]+|[^,[ ]+", line):
            if lines[-1] and len(lines[-1] + piece.rstrip()) > width:
                lines.append("")
            lines[-1] += piece
    return "\n".join(line.strip() for line in lines)
