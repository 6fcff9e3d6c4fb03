"""Numbers that sum up one convergence curve; pure functions of arrays.

A curve is what one solver did on one problem: the cost so far (iterations or
seconds) and the excess, the objective minus its optimum, at each evaluation.
"""

import numpy as np

LEVELS = (1e-2, 1e-4, 1e-6)
"""The levels of the excess that a solver is timed to."""

SMALLEST = 1e-16
"""Excess below which a curve is rounding errors; zeros count as this."""


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
