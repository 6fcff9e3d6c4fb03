"""Numbers that sum up one convergence curve; pure functions of arrays.

A curve is what one solver did on one problem: the cost so far (iterations or
seconds) and the excess, the objective minus its optimum, at each evaluation.
"""

from typing import NamedTuple

import numpy as np

LEVELS = (1e-2, 1e-4, 1e-6)
"""The levels of the excess that a solver is timed to."""

SMALLEST = 1e-16
"""Excess below which a curve is rounding errors; zeros count as this."""


class Curve(NamedTuple):
    """The evaluations of one solver on one problem, in order."""

    by_iteration: bool
    """Whether benchopt samples it by iteration, layers of a network included;
    others run to a tolerance, or once."""
    iterations: np.ndarray
    seconds: np.ndarray
    value: np.ndarray
    excess: np.ndarray
    known: bool
    """Whether the objective knows the optimum; else the excess is that over
    the curve's own last value."""

    def seconds_to(self, level):
        """Seconds to an excess, see `cost_to_level`; between the evaluations
        of what is sampled by iteration only."""
        return cost_to_level(
            self.seconds, self.excess, level, self.by_iteration)


def read_curve(rows):
    """Read a curve from its rows in a result file.

    Parameters
    ----------
    rows : DataFrame, the evaluations of one solver on one problem, once

    Returns
    -------
    Curve
    """
    by_iteration = rows["sampling_strategy"].iloc[0] in (
        "Iteration", "Callback")
    rows = rows.sort_values("stop_val", ascending=by_iteration)
    iterations, seconds, value = (
        rows[name].to_numpy(float)
        for name in ("stop_val", "time", "objective_value"))
    known = "objective_suboptimality" in rows
    excess = (rows["objective_suboptimality"].to_numpy(float) if known
              else value - value[-1])
    return Curve(by_iteration, iterations, seconds, value, excess, known)


def cost_to_level(cost, excess, level, between=True):
    """Cost at which the excess first is at most level.

    Parameters
    ----------
    cost, excess : array-like of float, shape (n_evaluations,)
        In the order of the evaluations, iterations or seconds.
    level : float > 0
    between : bool
        Whether to interpolate log(excess) linearly between evaluations;
        otherwise the result is the cost of an evaluation.

    Returns
    -------
    float
        In the unit of cost; infinity where the level is never reached.
        ValueError if the arrays are empty or of different lengths.
    """
    cost, excess = checked_curve(cost, excess)
    reached = np.flatnonzero(excess <= level)
    if not len(reached):
        return np.inf
    last = reached[0]
    if last == 0 or not between:
        return float(cost[last])
    high, low = np.log(np.maximum(excess[[last - 1, last]], SMALLEST))
    if not np.isfinite(high):
        return float(cost[last])
    share = (high - np.log(level)) / (high - low)
    return float(cost[last - 1] + share * (cost[last] - cost[last - 1]))


def area(cost, excess):
    """Area under a curve whose excess is 1 at the start (trapezoidal rule).

    It is an average of the costs to all shares of the first excess, in the
    unit of cost, and converges with the curve.

    Parameters
    ----------
    cost, excess : array-like of float, shape (n_evaluations,)

    Returns
    -------
    float
        0 where the start is optimal, infinity where the excess is not finite.
    """
    cost, excess = checked_curve(cost, excess)
    excess = np.maximum(excess, 0)
    if excess[0] == 0:
        return 0.0
    if not np.isfinite(excess).all():
        return np.inf
    return float(np.trapezoid(excess / excess[0], cost))


def checked_curve(cost, excess):
    """Arrays of float with NaN as infinity, or ValueError."""
    cost, excess = np.asarray(cost, float), np.asarray(excess, float)
    if cost.shape != excess.shape or cost.ndim != 1 or not len(cost):
        raise ValueError(
            f"expected a cost and an excess for each of at least one "
            f"evaluation, got shapes {cost.shape} and {excess.shape}")
    return cost, np.where(np.isnan(excess), np.inf, excess)
