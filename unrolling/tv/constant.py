"""The constant with the best fit, sum_i f(x_i - c a_i) with a = A1."""
import numpy as np


def constant_column(A):
    """A1, the sum of the columns, (n_dim,); zero if rounding explains it."""
    column = A.sum(axis=1)
    size = abs(A).sum(axis=1)
    column[abs(column) <= 8 * np.finfo(float).eps * size] = 0
    return column


def huber_constant(column, x, delta):
    """argmin_c sum_i h(x_i - c a_i), h Huber's function, for each x.

    Its derivative in c is piecewise linear and increasing: it has the slope
    a_i^2 from residual i on that passes one of +-delta until it passes the
    other. Its values at all these points follow from sorting them.

    Parameters
    ----------
    column : ndarray, shape (n_dim,), not zero
        a = A1.
    x : ndarray, shape (n_samples, n_dim)
    delta : ndarray, shape (n_samples,)

    Returns
    -------
    ndarray, shape (n_samples,)
    """
    x, a = x[:, column != 0], column[column != 0]
    half = delta[:, None] / abs(a)
    points = np.concatenate([x / a - half, x / a + half], axis=1)
    order = points.argsort(axis=1)
    points = np.take_along_axis(points, order, axis=1)
    steps = np.concatenate([a**2, -(a**2)])
    slopes = steps[order].cumsum(axis=1)
    rises = slopes[:, :-1] * np.diff(points)
    lowest = -delta[:, None] * abs(a).sum()
    values = np.concatenate([lowest, lowest + rises.cumsum(axis=1)], axis=1)
    last = np.clip((values < 0).sum(axis=1), 1, points.shape[1] - 1)[:, None]
    before, after, value, slope = (
        np.take_along_axis(array, index, axis=1) for array, index in (
            (points, last - 1), (points, last), (values, last),
            (slopes, last - 1)))
    c = after - value / np.where(slope > 0, slope, np.inf)
    c = c.clip(before, after)
    # a step of Newton's method removes the rounding of the sums
    residual = x - c * a
    score = residual.clip(-delta[:, None], delta[:, None])
    slope = (abs(residual) < delta[:, None]) @ a**2
    return c[:, 0] + score @ a / np.where(slope > 0, slope, np.inf)
