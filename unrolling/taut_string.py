"""The prox of lmbd ||nabla .||_1 on each row of an array, and its derivatives.

With S_k = y_1 + ... + y_k, the sums of the solution are the shortest line from
(0, 0) to (n, S_n) in the tube S_k - lmbd, ..., S_k + lmbd: the taut string (P.
L. Davies and A. Kovac, Local extremes, runs, strings and multiresolution, Ann.
Statist. 29, 2001). The solution is its slope.

`follow` walks along the string as L. Condat (A direct algorithm for 1-D total
variation denoising, IEEE Signal Process. Lett. 20, 2013) does: it keeps the
cone of lines from the last bend that stay in the tube, and goes back to where
the string bends once the cone is empty. That is fast, but quadratic where the
signal is smooth: each bend is seen long after it. So a walk that has gone back
too often leaves the rest to `dynamic_program`, which is slower and linear.
"""
import numpy as np
from numba import njit

from unrolling.parallel import N_THREADS, share_out, slices

BUDGET = 4
"""Samples that `follow` may look at, as a multiple of the row's length."""

PADDING = 4
"""Entries that `follow` writes at once, some of them beyond a segment."""

SHARE = 2**16
"""Samples from which on another thread is worth its start."""

fast = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})


@fast
def follow(y, lmbd, inverse, out, budget):
    """Write the slopes of the string, as far as the budget goes.

    Parameters
    ----------
    y : ndarray of float64, shape (n_times,)
    lmbd : float
    inverse : ndarray, shape (n_times + 1,)
        1 / k at k, for k > 0.
    out : ndarray of float64, shape (n_times + PADDING,)
    budget : int
        Number of samples to look at, about.

    Returns
    -------
    start, side : int, float
        The bend that it has come to: the samples before it are done. The
        string touches the tube's upper (side 1) or lower end (side -1) there.
    """
    n, start, side = len(y), 0, 0.0
    while start < n and budget > 0:
        height = -side * lmbd if side != 0 else 0.0
        lowest, highest = -np.inf, np.inf
        end_low = end_high = start
        side, j = 0.0, start
        while j < n - 1:
            height += y[j]
            j += 1
            low = (height - lmbd) * inverse[j - start]
            high = (height + lmbd) * inverse[j - start]
            if low > highest:
                side = 1.0
                break
            if high < lowest:
                side = -1.0
                break
            end_low = j if low >= lowest else end_low
            lowest = low if low >= lowest else lowest
            end_high = j if high <= highest else end_high
            highest = high if high <= highest else highest
        budget -= j - start
        if side == 0:
            value = (height + y[n - 1]) * inverse[n - start]
            side = 1.0 if value > highest else -1.0 if value < lowest else 0.0
            end = n
        if side > 0:
            value, end = highest, end_high
        elif side < 0:
            value, end = lowest, end_low
        # most segments are short: no loop, and no guess of its length
        out[start] = out[start + 1] = value
        out[start + 2] = out[start + 3] = value
        for i in range(start + PADDING, end):
            out[i] = value
        start = end
    return start, side


@fast
def dynamic_program(y, lmbd, out):
    """Write the solution of one row, in O(n_times) whatever y is.

    The derivative of the least cost of the first k samples, as a function of
    the k-th value, is piecewise linear and increasing. It is kept as its
    knots, and for each the changes of slope and intercept there; `first` and
    `last` is where it is clipped to [-lmbd, lmbd]. (N. Johnson, A dynamic
    programming algorithm for the fused lasso and L0-segmentation, J. Comput.
    Graph. Stat. 22, 2013.)

    Parameters
    ----------
    y, out : ndarrays of float64, shape (n_times,)
    lmbd : float
    """
    n = len(y)  # out may be longer
    knot, slope, intercept = np.empty((3, 2 * n + 2))
    lowest, highest = np.empty((2, n))
    first, last = n + 1, n
    for k in range(n):
        bound = 0.0 if k == n - 1 else lmbd
        below = lmbd if k > 0 else 0.0  # what the sample before adds at most
        a, b = 1.0, -y[k] - below
        while first <= last and a * knot[first] + b <= -bound:
            a, b = a + slope[first], b + intercept[first]
            first += 1
        lowest[k] = (-bound - b) / a
        if k == n - 1:
            break
        c, d = 1.0, -y[k] + below
        while first <= last and c * knot[last] + d >= bound:
            c, d = c - slope[last], d - intercept[last]
            last -= 1
        highest[k] = (bound - d) / c
        first -= 1
        last += 1
        knot[first], slope[first], intercept[first] = lowest[k], a, b + bound
        knot[last], slope[last], intercept[last] = highest[k], -c, bound - d
    out[n - 1] = lowest[n - 1]
    for k in range(n - 2, -1, -1):
        out[k] = min(max(out[k + 1], lowest[k]), highest[k])


@fast
def strings(u, lmbd, inverse, out):
    """`taut_string` of these rows in float64, on the calling thread."""
    n = u.shape[1]
    solution = np.empty(n + PADDING)
    for i in range(len(u)):
        if np.isnan(lmbd[i]):
            out[i] = np.nan
            continue
        start, side = follow(u[i], lmbd[i], inverse, solution, BUDGET * n)
        if start < n:
            rest = u[i, start:].copy()
            rest[0] -= side * lmbd[i]
            dynamic_program(rest, lmbd[i], solution[start:])
        for j in range(n):
            out[i, j] = solution[j]


@fast
def segment_means(grad, solution, grad_u, grad_lmbd):
    """`taut_string_backward` of these rows, on the calling thread."""
    n = solution.shape[1]
    for i in range(len(solution)):
        start, before, slope = 0, 0.0, 0.0
        while start < n:
            value, end, total = solution[i, start], start, 0.0
            while end < n and solution[i, end] == value:
                total += grad[i, end]
                end += 1
            end = max(end, start + 1)  # NaN equals nothing
            after = 0.0
            if end < n:
                after = 1.0 if solution[i, end] > value else -1.0
            mean = total / (end - start)
            slope += mean * (after - before)
            for j in range(start, end):
                grad_u[i, j] = mean
            start, before = end, after
        grad_lmbd[i] = slope


def taut_string(u, lmbd, n_threads=N_THREADS):
    """argmin_v 1/2 ||u - v||^2 + lmbd ||nabla v||_1 for each row u.

    Rows with NaN or infinity give such rows, and nothing is checked; see
    `unrolling.prox.prox_tv`.

    Parameters
    ----------
    u : ndarray of float32 or float64, shape (n_samples, n_times)
    lmbd : ndarray, shape (n_samples,), >= 0
    n_threads : int
        At most so many compute, where there are enough samples.

    Returns
    -------
    ndarray, shape and dtype of u; the computation is in float64.
    """
    out = np.empty(u.shape, u.dtype)
    inverse = 1 / np.maximum(np.arange(u.shape[1] + 1.0), 1)
    share_rows(
        lambda rows: strings(u[rows].astype(float, copy=False),
                             lmbd[rows].astype(float, copy=False),
                             inverse, out[rows]), u.shape, n_threads)
    return out


def taut_string_backward(grad, solution, n_threads=N_THREADS):
    """Products of the derivatives of `taut_string` with a gradient.

    Where no |u| has changed by so much that a segment splits or merges, the
    solution on a segment is the mean of u there, and lmbd (s_after -
    s_before) / length, with the signs s of the jumps at its ends (0 at the
    ends of the row).

    Parameters
    ----------
    grad, solution : ndarrays of one dtype, shape (n_samples, n_times)
    n_threads : int

    Returns
    -------
    grad_u : ndarray, shape (n_samples, n_times)
    grad_lmbd : ndarray, shape (n_samples,)
    """
    grad_u = np.empty_like(solution)
    grad_lmbd = np.empty(len(solution), solution.dtype)
    share_rows(
        lambda rows: segment_means(
            grad[rows], solution[rows], grad_u[rows], grad_lmbd[rows]),
        solution.shape, n_threads)
    return grad_u, grad_lmbd


def share_rows(function, shape, n_threads):
    """Call function(rows) for slices of all rows, on as many threads as the
    work is worth."""
    n_samples, n_times = shape
    n_threads = min(n_threads, 1 + n_samples * n_times // SHARE)
    if n_threads == 1:
        function(slice(0, n_samples))
    else:  # a few slices a thread, for rows that cost more than others
        share_out(function, slices(n_samples, -(-n_samples // (
            4 * n_threads))), n_threads)
