"""The prox of lmbd ||nabla .||_1 on each row of an array, and its derivatives.

With S_k = y_1 + ... + y_k, the sums of the solution are the shortest line from
(0, 0) to (n, S_n) in the tube S_k - lmbd, ..., S_k + lmbd: the taut string (P.
L. Davies and A. Kovac, Local extremes, runs, strings and multiresolution, Ann.
Statist. 29, 2001). The solution is its slope. `unrolling.string_lanes` finds
it where segments are short, `unrolling.string_walking` where they are long or
rows few; here the rows are shared out to threads.
"""
import numpy as np

from unrolling.parallel import N_THREADS, share_out, slices
from unrolling.string_lanes import LANES, follow_together, vectors_are_wide
from unrolling.string_walking import BUDGET, bends_seldom, fast, finish

SHARE = 2**15
"""Samples from which on another thread is worth its start."""


@fast
def segment_means(grad, solution, grad_u, grad_lmbd):
    """`taut_string_backward` of these rows, on the calling thread.

    Without a branch, for no processor can guess where a segment ends.
    """
    m, n = solution.shape
    so_far = np.empty(n)  # the mean of a segment, up to each sample
    for i in range(m):
        v, total, length = solution[i], grad[i, 0] + 0.0, 1.0
        so_far[0] = total
        for j in range(1, n):
            same = v[j] == v[j - 1]
            total = grad[i, j] + (total if same else 0.0)
            length = 1 + (length if same else 0.0)
            so_far[j] = total / length
        mean, slope = so_far[n - 1], 0.0
        grad_u[i, n - 1] = mean
        for j in range(n - 2, -1, -1):
            up = 1.0 if v[j + 1] > v[j] else 0.0
            down = 1.0 if v[j + 1] < v[j] else 0.0
            before = so_far[j]  # loaded in any case: that needs no branch
            before = mean if v[j + 1] == v[j] else before
            slope += (before - mean) * (up - down)
            mean = before
            grad_u[i, j] = mean
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
    (m, n), out = u.shape, np.empty_like(u)
    lmbd = lmbd.astype(float, copy=False)
    inverse = 1 / np.maximum(np.arange(n + 1.0), 1)
    n_threads = worth(u.size, n_threads)
    n_together = min(n_threads, m // LANES)
    # lanes take half the time of a row alone: half the threads are enough
    if 2 * n_together > n_threads and vectors_are_wide() and not (
            bends_seldom(u, lmbd, inverse)):
        counter = np.array([n_together * LANES])

        def work(first):
            todo = follow_together(u, lmbd, first, counter, BUDGET * n, out)
            finish(u, lmbd, inverse, todo, out)

        share_out(work, range(0, n_together * LANES, LANES), n_together)
    else:
        todo = np.zeros((m, 4))
        todo[:, 0], todo[:, 3] = np.arange(m), BUDGET * n
        share_rows(lambda rows: finish(u, lmbd, inverse, todo[rows], out),
                   u.shape, n_threads)
    out[np.isnan(lmbd)] = np.nan
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


def worth(size, n_threads):
    """Threads that the work on so many samples is worth, of n_threads."""
    return min(n_threads, 1 + size // SHARE)


def share_rows(function, shape, n_threads):
    """Call function(rows) for slices of all rows, on as many threads as the
    work is worth."""
    n_samples, n_times = shape
    n_threads = worth(n_samples * n_times, n_threads)
    # a few slices a thread, for rows that cost more than others, if they are
    # worth it
    n_slices = n_threads * min(
        4, max(1, n_samples * n_times // (n_threads * SHARE)))
    size = max(1, -(-n_samples // n_slices))
    share_out(function, slices(n_samples, size), n_threads)
