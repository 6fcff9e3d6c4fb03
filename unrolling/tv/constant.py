"""The constant part of a signal: its image, and the one with the best fit.

Where A1 is small beside A, the best constant is large, and A times it is lost
in the rounding of a product that adds what cancels. So A1 is summed apart,
then in twice the precision, and products are of what is left of a signal.
"""
import numpy as np

ROUNDING = 64 * np.finfo(float).eps
"""An A1 whose entries are no larger than this share of the largest sum_j
|a_ij| is what rounding in A makes of zero. The constant that would fit a
sample by it is so large that its own rounding costs a percent of the fit."""

CANCELS = 0.01
"""An A1 above this share keeps all but two digits in a plain sum."""


def constant_column(A):
    """A1, the sum of the columns, (n_dim,); zero if rounding explains it.

    It is all zero, or A1 to all digits but two: one without those entries
    that are rounding may point elsewhere.
    """
    column, size = A.sum(axis=1), abs(A).sum(axis=1).max(initial=0)
    if abs(column).max(initial=0) > CANCELS * size:
        return column
    column = sum_of_columns(A)
    if abs(column).max(initial=0) <= ROUNDING * size:
        return np.zeros(len(column))
    return column


def sum_of_columns(A):
    """A1, (n_dim,), with an error of some eps^2 sum_j |a_ij|.

    The columns are added in pairs, again and again; what each sum loses to
    rounding is known exactly, and added at the end.
    """
    total, lost = A, np.zeros_like(A)
    while total.shape[1] > 1:
        n_pairs = total.shape[1] // 2
        a, b, rest = np.split(total, [n_pairs, 2 * n_pairs], axis=1)
        pairs = a + b
        part = pairs - a
        error = (a - (pairs - part)) + (b - part)
        error += lost[:, :n_pairs] + lost[:, n_pairs:2 * n_pairs]
        lost = np.hstack([error, lost[:, 2 * n_pairs:]])
        total = np.hstack([pairs, rest])
    return (total + lost)[:, 0]


def residual_of(u, A, column, x):
    """x - A u of each sample, (n_samples, n_dim).

    It is computed as (x - c A1) - A (u - c), c the value of u in the middle:
    a constant in u makes no rounding errors but those of c A1, and none at all
    if A1 counts as zero.

    Parameters
    ----------
    u : ndarray, shape (n_samples, n_times)
    A : ndarray, shape (n_dim, n_times)
    column : ndarray, shape (n_dim,)
        `constant_column` of A.
    x : ndarray, shape (n_samples, n_dim)
    """
    c = u[:, u.shape[1] // 2, None]
    residual = x - c * column
    residual -= (u - c) @ A.T
    return residual


def huber_constant(column, x, delta):
    """argmin_c sum_i h(x_i - c a_i), h Huber's function, for each x.

    Its derivative in c is piecewise linear and increasing: its slope changes
    where a residual passes one of +-delta. A binary search over these points
    finds the piece with the zero, and a step of Newton's method the zero; a
    second step removes the rounding of the first.

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
    # the other entries of a count less than the rounding of the sums
    keep = abs(column) > np.finfo(float).eps * abs(column).max()
    x, a, delta = x[:, keep], column[keep], delta[:, None]

    def score(c):
        return (x - c * a).clip(-delta, delta)

    def descent(c):
        return (score(c) * a).sum(axis=1, keepdims=True)

    half = delta / abs(a)
    points = np.sort(np.hstack([x / a - half, x / a + half]))
    low = np.zeros((len(x), 1), int)
    high = low + points.shape[1] - 1
    for _ in range(points.shape[1].bit_length()):
        middle = (low + high) // 2
        c = np.take_along_axis(points, middle, axis=1)
        before = descent(c) > 0
        low, high = np.where(before, middle, low), np.where(
            before, high, middle)
    least, most = (np.take_along_axis(points, index, axis=1)
                   for index in (low, high))
    free = abs(score(least / 2 + most / 2)) < delta
    slope = (free @ a**2)[:, None]
    slope[slope == 0] = np.inf
    c = np.clip(0, least, most)  # the smallest has the fewest rounding errors
    for _ in range(2):
        c = (c + descent(c) / slope).clip(least, most)
    return c[:, 0]
