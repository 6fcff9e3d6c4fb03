"""The taut string of one row after the other, for CPUs.

`unrolling.taut_string` says what the string is. `follow` walks along it as L.
Condat (A direct algorithm for 1-D total variation denoising, IEEE Signal
Process. Lett. 20, 2013) does: it keeps the cone of lines from the last bend
that stay in the tube, and goes back to where the string bends once the cone
is empty. That is fast, but quadratic where the signal is smooth: each bend is
seen long after it. So a walk that has gone back too often leaves the rest to
`dynamic_program`, which is slower and linear.

One module, since numba's cache of a function looks at the file that it is in
alone, not at those of the functions that it calls.
"""
import numpy as np
from numba import njit

BUDGET = 4
"""Samples that a walk may look at, as a multiple of the row's length."""

SELDOM = 8
"""Samples a segment from which on rows take less time one after the other."""

PROBES, PROBED = 8, 64
"""Rows, spread over a batch, and samples of each to look at, about, to tell
how long its segments are."""

PADDING = 4
"""Entries that `follow` writes at once, some of them beyond a segment."""

fast = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})


@fast
def follow(y, lmbd, inverse, start, middle, budget, out):
    """Write the slopes of the string, as far as the budget goes.

    Parameters
    ----------
    y : ndarray of float32 or float64, shape (n_times,)
    lmbd : float
    inverse : ndarray, shape (n_times + 1,)
        1 / k at k, for k > 0.
    start, middle : int, float
        A bend: the samples before it are done. From there, the middle of the
        tube is so high: -lmbd or lmbd, or 0 at the beginning.
    budget : int
        Number of samples to look at, about.
    out : ndarray of float64, shape (n_times + PADDING,)

    Returns
    -------
    start, middle
        The bend that it has come to.
    """
    n = len(y)
    while start < n and budget > 0:
        height, lowest, highest = middle, -np.inf, np.inf
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
        start, middle = end, -side * lmbd if side != 0 else 0.0
    return start, middle


@fast
def bends_seldom(u, lmbd, inverse):
    """Whether segments are SELDOM samples long or more, by the first ones of
    some rows. Parameters as for `finish`."""
    (m, n), n_samples, n_segments = u.shape, 0, 0
    solution = np.empty(n + PADDING)
    for i in range(0, m, max(1, m // PROBES)):
        end, _ = follow(u[i], lmbd[i], inverse, 0, 0.0, PROBED, solution)
        n_samples, n_segments = n_samples + end, n_segments + 1
        for j in range(1, end):
            n_segments += solution[j] != solution[j - 1]
    return n_samples >= SELDOM * n_segments


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
def finish(u, lmbd, inverse, todo, out):
    """Solve rows from a bend on, by a walk within the budget and a program.

    Parameters
    ----------
    u : ndarray of float32 or float64, shape (n_samples, n_times)
    lmbd, inverse : as for `follow`
        One lmbd a row, (n_samples,).
    todo : ndarray of float64, shape (n_todo, 4)
        Of each row to solve: its index, and start, middle and budget as for
        `follow`. Other rows are left as they are.
    out : ndarray, shape and dtype of u
    """
    n = u.shape[1]
    solution = np.empty(n + PADDING)
    for index, start, middle, budget in todo:
        i, start = int(index), int(start)
        bend, height = follow(
            u[i], lmbd[i], inverse, start, middle, budget, solution)
        if bend < n:
            rest = u[i, bend:].astype(np.float64)
            rest[0] += height
            if np.isfinite(rest.sum()):
                dynamic_program(rest, lmbd[i], solution[bend:])
            else:  # the program might lose it in a comparison
                solution[bend:n] = np.nan
        for j in range(start, n):
            out[i, j] = solution[j]
