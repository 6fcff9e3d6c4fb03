"""A batch of Lasso problems, shared out to threads, with or without D'D."""
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from joblib import cpu_count
from scipy.sparse import issparse
from threadpoolctl import ThreadpoolController

from unrolling.active_set import gaps, solve_batch

BLAS = ThreadpoolController().select(user_api="blas")


def correlation_and_gap(z, D, x, lmbd):
    """Correlations D'(x - Dz), (n_samples, n_atoms), and relative gaps.

    Arrays of float64; lmbd (n_samples,).
    """
    residual = np.ascontiguousarray(x - z @ D.T)
    corr = np.ascontiguousarray(residual @ D)
    return corr, gaps(x, lmbd, np.ascontiguousarray(z), residual, corr)


def solve_in_place(D, x, lmbd, z, tol, max_rounds, memory):
    """Solve for each lmbd from the solution for the one before.

    Each thread takes a part of the batch at a time; at most four arrays of
    the size of a part's z are alive in it.

    Parameters
    ----------
    lmbd : ndarray, shape (n_samples, n_regs)
    z : ndarray, shape (n_samples, n_regs, n_atoms)
        Overwritten by the solutions; z[:, 0] is the start point.

    Returns
    -------
    ndarray, shape (n_samples, n_regs) : relative duality gaps.
    """
    n_atoms, rank, threads = D.shape[1], min(D.shape), cpu_count()
    gram = None
    if 8 * (n_atoms**2 + threads * rank**2) <= memory / 2:
        gram = D.T @ D
        gram = gram.toarray("C") if issparse(gram) else gram
    gap = np.empty(lmbd.shape)

    def solve(part):
        if gram is not None:
            c = np.ascontiguousarray(x[part] @ D)
            solve_batch(gram, c, (x[part] ** 2).sum(axis=1), lmbd[part],
                        z[part], tol, max_rounds, rank)
        for r in range(lmbd.shape[1]):
            problem = D, x[part], lmbd[part, r]
            if gram is None:
                z[part, r] = z[part, max(r - 1, 0)]
                solve_on_working_sets(*problem, z[part, r], tol, max_rounds)
            _, gap[part, r] = correlation_and_gap(z[part, r], *problem)

    size = min(len(x) // (2 * threads), 2**21 // (8 * n_atoms),
               int(memory / (64 * n_atoms * threads)))
    parts = [slice(first, first + max(size, 1))
             for first in range(0, len(x), max(size, 1))]
    with ThreadPoolExecutor(threads) as pool, BLAS.limit(limits=1):
        list(pool.map(solve, parts))
    return gap


def solve_on_working_sets(D, x, lmbd, z, tol, max_rounds):
    """Solve every problem of the batch in place, without the Gram matrix.

    Each problem is solved on a working set of its atoms, the support and as
    many of those that violate |d_j'(x - Dz)| <= lmbd the most, until its gap
    over all atoms is small enough or none enters. (M. Massias, A. Gramfort
    and J. Salmon, Celer: a fast solver for the Lasso with dual extrapolation,
    ICML 2018, section 4, with all correlations of the batch in one product.)
    """
    todo = np.arange(len(x))
    for started in range(max_rounds):
        corr, gap = correlation_and_gap(z[todo], D, x[todo], lmbd[todo])
        left = gap > tol
        todo, excess = todo[left], abs(corr[left]) - lmbd[todo[left], None]
        going = np.ones(len(todo), dtype=bool)
        for n, i in enumerate(todo):
            support = np.flatnonzero(z[i])
            violators = np.flatnonzero((excess[n] > 0) & (z[i] == 0))
            if not len(violators) and started:
                going[n] = False
                continue
            n_new = max(len(support), 50)
            if n_new < len(violators):
                worst = np.argpartition(-excess[n, violators], n_new)[:n_new]
                violators = violators[worst]
            atoms = np.concatenate([support, violators])
            D_i = D[:, atoms].toarray("F") if issparse(D) else D[:, atoms]
            z_i = z[i, atoms][None, None]
            solve_batch(D_i.T @ D_i, x[i:i + 1] @ D_i, x[i:i + 1] @ x[i],
                        lmbd[i:i + 1, None], z_i, tol, max_rounds,
                        min(D_i.shape))
            z[i, atoms] = z_i
        todo = todo[going]
        if not len(todo):
            break
