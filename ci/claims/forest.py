"""The parts of a claim as a forest plot: a table with drawn intervals."""

import html
import math

from ci.claims.overview import badge, kind
from ci.claims.parts import RATIO
from ci.claims.words import circumstances, effect_text

WIDTH, HEIGHT, PAD = 260, 22, 8
MOST_TICKS = 6
"""Labels that have room side by side."""
MOST_DECADES = 9
"""An interval that goes on beyond so many decades ends in an arrow."""


class Axis:
    """The horizontal axis that the intervals of one table share.

    Parameters
    ----------
    parts : list of Part, all with effects on one scale
    """

    def __init__(self, parts):
        self.log = parts[0].effect.scale == RATIO
        values = [self.place(v) for part in parts
                  for v in (*part.effect[:3], part.level)]
        values += [self.place(1.0 if self.log else 0.0)]
        finite = [v for v in values if math.isfinite(v)]
        low, high = min(finite), max(finite)
        if self.log:
            low, high = max(low, -MOST_DECADES), min(high, MOST_DECADES)
        room = 0.06 * (high - low) or 0.1
        self.low, self.high = low - room, high + room

    def place(self, value):
        """Return a value on the axis, its logarithm where that is so."""
        if not self.log:
            return value
        return math.log10(value) if value > 0 else -math.inf

    def x(self, value):
        """Return the pixel of a value; what is outside is at the border."""
        place = min(max(self.place(value), self.low), self.high)
        share = (place - self.low) / (self.high - self.low)
        return PAD + share * (WIDTH - 2 * PAD)

    def ticks(self):
        """Return the values that are labelled, at most MOST_TICKS."""
        if not self.log:
            return rounded(self.low, self.high)
        decades = range(math.floor(self.low), math.ceil(self.high) + 1)
        for digits, every in (((1, 2, 5), 1),
                              *(((1,), n) for n in range(1, 5))):
            found = [digit * 10.0**n for n in decades if n % every == 0
                     for digit in digits
                     if self.low <= n + math.log10(digit) <= self.high]
            if len(found) <= MOST_TICKS:
                break
        return found if len(found) > 1 else rounded(
            10**self.low, 10**self.high)


def rounded(low, high):
    """Return the multiples of a round number between two numbers, at most
    MOST_TICKS."""
    unit = 10.0 ** math.floor(math.log10((high - low) / MOST_TICKS))
    step = next(unit * n for n in (1, 2, 5, 10, 20)
                if (high - low) / (unit * n) < MOST_TICKS - 1)
    return [n * step for n in range(
        math.ceil(low / step), math.floor(high / step) + 1)]


def forest(parts, mode):
    """Write a table of parts, each with its interval and its bar drawn.

    Parameters
    ----------
    parts : list of Part
    mode : str, quick or full, see `circumstances`

    Returns
    -------
    str, HTML: one table for each scale of effects, in the order of the parts.
    """
    scales = dict.fromkeys(part.effect.scale for part in parts)
    return "".join(table([p for p in parts if p.effect.scale == scale], mode)
                   for scale in scales)


def table(parts, mode):
    """Write one table, whose rows share an axis."""
    axis = Axis(parts)
    labels = "".join(
        f'<text x="{axis.x(v):.1f}" y="14">{html.escape(f"{v:.3g}")}</text>'
        for v in axis.ticks())
    rows = "".join(row(part, axis, mode) for part in parts)
    return (
        '<table class="forest"><thead><tr><th></th><th>Where</th>'
        "<th>Effect, interval, bar</th>"
        f'<th><svg width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f"{labels}</svg></th><th>Regime</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>")


def row(part, axis, mode):
    """Write one part as a row, with what a mean hides in small print."""
    notes = "; ".join(f"{name} {value:.3g}"
                      for name, value in part.effect.notes.items())
    small = f"<br><small>{html.escape(notes)}</small>" if notes else ""
    return (
        f"<tr><td>{badge(part.verdict)}</td>"
        f"<td>{html.escape(part.where)}</td>"
        f"<td>{html.escape(part.effect_of)}<br><b>"
        f"{html.escape(effect_text(part))}</b>{small}</td>"
        f"<td>{drawing(part, axis)}</td>"
        f"<td>{html.escape(circumstances(part, mode))}</td></tr>\n")


def drawing(part, axis):
    """Draw the interval as a line, its middle as a dot, the bar as a tick.

    Where the part neither holds nor fails, the style sheet makes the line
    dashed and the dot hollow.
    """
    value, low, high = part.effect[:3]
    y, said = HEIGHT / 2, html.escape(effect_text(part))
    marks = [
        line("equal", axis.x(1.0 if axis.log else 0.0), 0, HEIGHT),
        line("bar", axis.x(part.level), 2, HEIGHT - 2),
    ]
    if not any(map(math.isnan, (value, low, high))):
        look = kind(part.verdict)
        marks += [
            f'<line class="interval {look}" x1="{axis.x(low):.1f}" '
            f'x2="{axis.x(high):.1f}" y1="{y}" y2="{y}"/>',
            f'<circle class="{look}" cx="{axis.x(value):.1f}" cy="{y}" '
            f'r="4"/>']
        marks += [arrow(axis.x(low), y, -1)] if (
            axis.place(low) < axis.low) else []
        marks += [arrow(axis.x(high), y, 1)] if (
            axis.place(high) > axis.high) else []
    return (f'<svg width="{WIDTH}" height="{HEIGHT}" role="img" '
            f'aria-label="{said}">{"".join(marks)}</svg>')


def line(kind, x, top, bottom):
    """Draw a vertical line."""
    return (f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" '
            f'y2="{bottom}"/>')


def arrow(x, y, toward):
    """Draw the head of an arrow: the interval goes on beyond the axis."""
    back = x - 6 * toward
    return (f'<path class="beyond" d="M{back:.1f},{y - 4} L{x:.1f},{y} '
            f'L{back:.1f},{y + 4}"/>')
