"""Where a series of measurements changed: asv's step detection."""

import math
from importlib.util import find_spec
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

NO_ASV = ("no change points: the package asv is not installed; pip install "
          '--constraint constraints.txt ".[tracking]" brings it')

LEAST = 1.05
"""The least ratio of two levels, or its inverse, that is a change."""


class Step(NamedTuple):
    """A change between two measured commits of a series."""

    position: int
    """Index of the first value after the change."""
    before: float
    after: float
    """The levels; infinite where the solver does not get there."""
    log_ratio: float
    """Logarithm of the level after the change over the level before it."""
    software: str = ""
    """What else changed: versions, as "torch 2.12 -> 2.13"."""

    @property
    def ratio(self):
        """The level after the change over the level before it."""
        return float(np.exp(self.log_ratio))


def can_detect():
    """Whether asv, which finds the steps, is installed."""
    return find_spec("asv") is not None


def find_steps(values):
    """Find the changes of a series by asv's fit of constant pieces.

    The pieces are fitted to the logarithms, so that changes are ratios. To
    become infinite or zero, or to cease to be, is a change, too, unless a
    single value does so.

    Parameters
    ----------
    values : array-like of float, shape (n_commits,)
        NaN where nothing was measured, which is left out as negative values
        are.

    Returns
    -------
    list of Step, in the order of the series
    """
    values = np.asarray(values, float)
    [places] = np.nonzero(values >= 0)
    with np.errstate(divide="ignore"):  # the logarithm of zero
        pieces = levels(np.log(values[places]))
    return [
        Step(int(places[n]), math.exp(before), math.exp(after),
             after - before)
        for (_, before), (n, after) in pairwise(pieces)
        if abs(after - before) >= math.log(LEAST)]


def levels(logs):
    """Cut a series into constant pieces, each finite or not.

    Parameters
    ----------
    logs : ndarray, shape (n_values,), of finite numbers, inf and -inf

    Returns
    -------
    list of (index of the first value, level)
    """
    if not len(logs):
        return []
    kinds = np.where(np.isfinite(logs), 0, np.sign(logs))
    lasting = np.median(sliding_window_view(
        np.pad(kinds, 1, mode="edge"), 3), axis=1)
    found = []
    for first, end, kind in fit(lasting):
        if abs(kind) == 1:
            found.append((first, kind * math.inf))
        else:
            part = logs[first:end]
            [there] = np.nonzero(np.isfinite(part))
            found += [(first + int(there[n]), level)
                      for n, _, level in fit(part[there])]
    return found


def fit(values):
    """Fit constant pieces: a list of (first index, end, level)."""
    from asv.step_detect import detect_steps

    if len(values) and np.ptp(values) == 0:
        return [(0, len(values), float(values[0]))]
    return [piece[:3] for piece in detect_steps(values.tolist())]
