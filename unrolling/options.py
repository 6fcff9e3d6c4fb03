"""What the options of solvers, trainings and data sets may be."""
import math
import numbers
from collections.abc import Callable
from typing import NamedTuple


class Range(NamedTuple):
    """The values that an option may have."""

    kind: type | tuple
    """Their type or types: abstract ones of `numbers`, str."""
    holds: Callable
    """Tells of a value of this kind whether it is one of them."""
    words: str
    """What they are called in an error."""


COUNT = Range(numbers.Integral, lambda v: v >= 1, "an integer >= 1")
COUNT_OR_ZERO = Range(numbers.Integral, lambda v: v >= 0, "an integer >= 0")
POSITIVE = Range(
    numbers.Real, lambda v: 0 < v < math.inf, "a positive number")
POSITIVE_OR_ZERO = Range(
    numbers.Real, lambda v: 0 <= v < math.inf, "0 or a positive number")
FINITE = Range(numbers.Real, math.isfinite, "a finite number")
SHARE = Range(numbers.Real, lambda v: 0 <= v <= 1, "a number in [0, 1]")
BELOW_ONE = Range(numbers.Real, lambda v: 0 <= v < 1, "a number in [0, 1)")
RELAXATION = Range(numbers.Real, lambda v: 0 < v < 2, "a number in (0, 2)")
PROPER_SHARE = Range(numbers.Real, lambda v: 0 < v < 1, "a number in (0, 1)")


def or_tuned(range_):
    """The range that has the word "tuned", too."""
    return Range(
        (str, range_.kind),
        lambda v: v == "tuned" if isinstance(v, str) else range_.holds(v),
        f"tuned or {range_.words}")


def outside(range_, **options):
    """Say why an option is refused.

    Parameters
    ----------
    range_ : Range
    **options : name -> value

    Returns
    -------
    str or None
        The reason against the first option outside the range, if there is
        one.
    """
    for name, value in options.items():
        if not (isinstance(value, range_.kind) and range_.holds(value)):
            return f"{name} must be {range_.words}, got {name}={value!r}"
    return None


def first_outside(owner, ranges):
    """Say why an attribute is refused.

    Parameters
    ----------
    owner : object
    ranges : dict, name of an attribute -> its Range

    Returns
    -------
    str or None
        The reason against the first one outside its range, if there is one.
    """
    reasons = (outside(range_, **{name: getattr(owner, name)})
               for name, range_ in ranges.items())
    return next(filter(None, reasons), None)


def check_options(range_, **options):
    """ValueError, with the reason of `outside`, if an option is refused."""
    reason = outside(range_, **options)
    if reason:
        raise ValueError(reason)
