"""Where a series of measurements changed: asv's step detection."""

from importlib.util import find_spec
from typing import NamedTuple

import numpy as np

NO_ASV = ("no change points: the package asv is not installed; pip install "
          '--constraint constraints.txt ".[tracking]" brings it')

LEAST = 1.05
"""The least ratio of two levels, or its inverse, that is a change."""


class Step(NamedTuple):
    """A change between two measured commits of a series."""

    position: int
    """Index of the first value after the change."""
    ratio: float
    """Level after the change over the level before it."""


def can_detect():
    """Whether asv, which finds the steps, is installed."""
    return find_spec("asv") is not None


def find_steps(values):
    """Find the changes of a series by asv's fit of constant pieces.

    The pieces are fitted to the logarithms, so that changes are ratios.

    Parameters
    ----------
    values : array-like of float, shape (n_commits,)
        NaN where nothing was measured; what is not finite or not positive is
        left out.

    Returns
    -------
    list of Step, in the order of the series
    """
    from asv.step_detect import detect_steps

    values = np.asarray(values, float)
    usable = np.isfinite(values) & (values > 0)
    if usable.sum() < 2 or np.ptp(values[usable]) == 0:
        return []
    logs = np.log(np.where(usable, values, 1))
    pieces = detect_steps([
        log if there else None
        for log, there in zip(logs.tolist(), usable.tolist(), strict=True)])
    return [
        Step(after[0], float(np.exp(after[2] - before[2])))
        for before, after in zip(pieces, pieces[1:], strict=False)
        if abs(after[2] - before[2]) >= np.log(LEAST)]
