"""FISTA on the Gram matrix, for many solutions that have many atoms.

An active-set method pays k^3 / 3 operations for a support of k atoms, one row
at a time. Where D has many more rows than atoms, D'D is well conditioned, and
a few dozen products of all samples with it are faster.
"""
import numpy as np

from unrolling.lasso.active_set import gram_gaps
from unrolling.momentum import Momentum

MAX_ITER = 200
"""Iterations after which the rest is left to the active-set method."""

CHECK = 4
"""Iterations between two looks at the gaps; a look costs about one."""


def largest_eigenvalue(gram):
    """An upper bound of ||D'D||_2 to some percent, by 30 power iterations.

    It may fail to be one, if the start is nearly orthogonal to the first
    eigenvectors; nothing but the time to a certificate depends on that.
    """
    v = np.random.default_rng(0).standard_normal(len(gram))
    for _ in range(30):
        v = gram @ (v / np.linalg.norm(v))
    return 1.05 * np.linalg.norm(v)


def descend_together(gram, L, c, x_norm2, lmbd, z, tol):
    """Iterate on all samples at once, in place, until their gaps are small.

    Parameters
    ----------
    gram : ndarray, shape (n_atoms, n_atoms)
    L : float
        The largest eigenvalue of the Gram matrix.
    c : ndarray, shape (n_samples, n_atoms)
        x D.
    x_norm2, lmbd : ndarrays, shape (n_samples,)
    z : ndarray, shape (n_samples, n_atoms)
        The start points, overwritten by points that cost less than zero, or
        by zero where the iterations do not get there.
    tol : float

    Returns
    -------
    ndarray, shape (n_samples,) : relative duality gaps.
    """
    n = len(c)
    todo, gap, cost = np.arange(n), np.full(n, np.inf), np.full(n, np.inf)
    at, y = z.copy(), z.copy()
    momentum, t = Momentum(at), (lmbd / L)[:, None]
    for iteration in range(1, MAX_ITER + 1):
        v = y - (y @ gram - c) / L
        at = v - np.clip(v, -t, t)
        y = momentum(y, at)
        if iteration % CHECK:
            continue
        z[todo] = at
        gap[todo], cost[todo] = gram_gaps(
            c, x_norm2, lmbd, at, c - at @ gram)
        going = ~(gap[todo] <= tol)
        if not going.any():
            break
        if not going.all():
            todo, c, y, momentum = (
                todo[going], c[going], y[going], momentum[going])
            x_norm2, lmbd, t = x_norm2[going], lmbd[going], t[going]
    z[~(cost <= 1)] = 0
    return gap
