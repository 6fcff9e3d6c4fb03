"""The parts of a claim: one comparison each, with its interval and its bar.

An effect is written such that a larger one speaks for the claim: a ratio of
the rival's gap to the method's, a correlation, a difference. A part clears its
bar only with the whole interval. The bars BETTER and NO_WORSE keep the one
margin of the suite from equality, so that no verdict hangs on a difference
that nobody would notice; a claim whose bar is a number says why.
"""

import math
from numbers import Real
from typing import NamedTuple

import numpy as np

from ci.claims.intervals import interval

MARGIN = 0.1
"""What counts as a difference: 10 % of a ratio, 0.1 of a share or a
correlation. It was fixed before any claim was judged by it."""

SOURCE, STAND_IN, EXTENDED = "source", "stand-in", "extended"
"""Regimes: the set-up of the claim's authors; one of the suite in its place,
where they give none or it is not run; and what the suite adds."""

PUBLISHED, STRONGER = "as published", "stronger training"
"""Trainers: the authors' own, and the suite's."""

BETTER, NO_WORSE, THEOREM = "better", "no worse", "theorem"
"""Bars relative to equality, see `Part.level`; a number is a bar, too."""

RATIO, DIFFERENCE = "ratio", "difference"
"""Scales of effects: equality is 1 on the first, and 0 on the second."""

HOLDS, FAILS = "holds", "does not hold"
TIE, UNDECIDED = "tie", "undecided"


class Effect(NamedTuple):
    """An effect, larger where it speaks for the claim, and its interval."""

    value: float
    low: float
    high: float
    scale: str = RATIO
    notes: dict = {}
    """str -> float, what the effect does not show: a median, a share."""

    estimates: tuple = ()
    """One for each seed, ratios by their logarithm; none of a bound that is
    proven, and none of an effect on record."""
    least_variances: tuple = (0.0, 0.0)
    """See `ci.claims.intervals.interval`."""

    @classmethod
    def of(cls, estimates, scale, notes, least_variances=(0.0, 0.0),
           n_effects=1):
        """Return the mean of estimates as an effect, with its interval.

        Parameters
        ----------
        estimates, scale, notes, least_variances : see the attributes
        n_effects : int, so many intervals hold at once

        Returns
        -------
        Effect
        """
        ends = interval(estimates, least_variances, n_effects)
        if scale == RATIO:
            ends = np.exp(ends)
        return cls(*map(float, ends), scale, notes,
                   tuple(map(float, estimates)), tuple(least_variances))

    def among(self, n_effects):
        """Return it with an interval that holds at once with others, n_effects
        with its own; as it is, if it was not estimated."""
        if not self.estimates:
            return self
        return self.of(self.estimates, self.scale, self.notes,
                       self.least_variances, n_effects)


class Part(NamedTuple):
    """One comparison of a claim."""

    where: str
    """The problem, the level of sparsity, the depth or the accuracy."""
    effect_of: str
    """What the effect is, for example "gap of ISTA / gap of LISTA"."""
    effect: Effect
    bar: object = BETTER
    """BETTER, NO_WORSE, THEOREM, or a number on the effect's scale."""
    regime: str = SOURCE
    trainer: str = ""
    """PUBLISHED or STRONGER; empty where nothing is trained."""
    safeguarded: object = None
    """bool; None where there is no network."""

    @property
    def level(self):
        """The bar on the effect's scale, a float.

        "better" asks for the margin above equality, "no worse" allows as much
        below it; a theorem is a bound that holds up to rounding, which the
        claim itself has to count in.
        """
        if isinstance(self.bar, Real):  # numpy's numbers, too
            return float(self.bar)
        ratio = self.effect.scale == RATIO
        return {
            BETTER: 1 + MARGIN if ratio else MARGIN,
            NO_WORSE: 1 / (1 + MARGIN) if ratio else -MARGIN,
            THEOREM: 1.0 if ratio else 0.0,
        }[self.bar]

    @property
    def verdict(self):
        """HOLDS, FAILS, TIE or UNDECIDED."""
        value, low, high, scale, *_ = self.effect
        if any(map(math.isnan, (value, low, high))):
            return UNDECIDED
        if low >= self.level:
            return HOLDS
        if self.bar == BETTER and is_equal(low, high, scale):
            return TIE
        return FAILS if high < self.level else UNDECIDED


def is_equal(low, high, scale):
    """Tell whether an interval lies within the margin around equality."""
    if scale == RATIO:
        return low >= 1 / (1 + MARGIN) and high <= 1 + MARGIN
    return low >= -MARGIN and high <= MARGIN


def theorem(where, effect_of, value):
    """Return the part of a bound that is proven, which only a bug breaks.

    Parameters
    ----------
    where, effect_of : str, see Part
    value : float, the least ratio, over all seeds, samples and iterations, of
        a bound over the quantity that it bounds

    Returns
    -------
    Part
    """
    value = float(value)
    return Part(where, effect_of, Effect(value, value, value), THEOREM)
