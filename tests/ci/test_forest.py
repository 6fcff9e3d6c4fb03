"""Forest plots of the parts of claims."""
import math
from itertools import pairwise

import numpy as np
import pytest

from ci.claims.forest import MOST_TICKS, Axis, forest
from ci.claims.parts import (
    DIFFERENCE,
    RATIO,
    Effect,
    Part,
)


def test_forest_draws_every_part():
    ratios = [Effect(1.0, 2.0, 3.0), Effect(1.0, 0.1, 0.2),
              Effect(1.0, 1.0, 1.0), Effect(1.0, 0.5, 2.0)]
    several = [*(Part("there", "a / b", ratio) for ratio in ratios),
               Part("<far>", "a & b", Effect(1e12, 1e11, np.inf)),
               Part("shares", "", Effect(0.5, 0.4, 0.6, DIFFERENCE), 0.9)]
    drawn = forest(several, "full")
    assert drawn.count("<table") == 2
    assert drawn.count("<circle") == len(several)
    assert drawn.count('class="beyond"') == 1
    assert "&lt;far&gt;" in drawn
    # the scale of the first part first, as those that fail are
    reverse = forest(several[::-1], "full")
    assert drawn.index("shares") > drawn.index("there")
    assert reverse.index("shares") < reverse.index("there")


@pytest.mark.parametrize(("low", "high", "look"), [
    (2.0, 3.0, "holds"), (0.1, 0.2, "does-not-hold"), (1.0, 1.0, "tie"),
    (0.5, 2.0, "undecided")])
def test_an_interval_looks_like_its_verdict(low, high, look):
    """What is undecided, or a tie, does not look like a failure."""
    drawn = forest([Part("", "", Effect(1.0, low, high))], "full")
    assert f'class="badge {look}"' in drawn
    assert f'class="interval {look}"' in drawn
    assert f'<circle class="{look}"' in drawn


@pytest.mark.parametrize("effects_", [
    [(1.0, 1.0, 1.0)], [(1.2, 1.1, 1.3)], [(1e-3, 1e-4, 10)],
    [(1.0, 0.0, np.inf)], [(1e6, 1e5, 1e30)]])
@pytest.mark.parametrize("scale", ["ratio", "difference"])
def test_axes_have_ticks_within(effects_, scale):
    axis = Axis([Part("", "", Effect(*e, scale)) for e in effects_])
    ticks = [axis.x(tick) for tick in axis.ticks()]
    assert 1 <= len(ticks) <= 12
    assert ticks == sorted(ticks)
    assert 0 <= min(ticks) < max(ticks) + 1 <= 261


@pytest.mark.parametrize(("low", "high", "scale"), [
    (0.4, 2.2, RATIO), (0.98, 1.06, RATIO), (1, 1, RATIO), (0.2, 50, RATIO),
    (1e-8, 1e9, RATIO), (0, math.inf, RATIO), (3, 3.0001, RATIO),
    (-0.1, 0.2, DIFFERENCE), (-1e-6, 2e-6, DIFFERENCE), (0, 0, DIFFERENCE),
    (-40, 300, DIFFERENCE),
])
def test_a_forest_plot_has_a_few_labels(low, high, scale):
    """Within the axis, in order, and far enough apart to be read."""
    axis = Axis([Part("", "", Effect(low, low, high, scale))])
    ticks = axis.ticks()
    assert 2 <= len(ticks) <= MOST_TICKS
    places = [axis.x(tick) for tick in ticks]
    assert all(b - a > 20 for a, b in pairwise(places))
