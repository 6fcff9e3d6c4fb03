"""Coordinate descent for Lasso problems that share one dictionary.

On the Gram matrix, or on the atoms themselves, which needs no matrix product
first. (J. Friedman, T. Hastie and R. Tibshirani, Regularization paths for
generalized linear models via coordinate descent, J. Stat. Softw. 33(1), 2010,
section 2, covariance and naive updates.)
"""
import numpy as np
from numba import njit, prange

from unrolling.lasso.active_set import gram_gap_of_all
from unrolling.lasso.problem import correlations

CYCLES = 5
"""Cycles on the atoms between two looks at the gap. With D'D, each cycle ends
with one."""

PATIENCE, SLOW = 25, 0.5
"""The descent is given up where so many cycles leave this share of the gap,
which does not become smaller each time."""

fast = njit(cache=True, nogil=True, error_model="numpy",
            fastmath={"reassoc", "contract", "nsz"})


@fast
def cycle(gram, lmbd, z, corr, todo):
    """One cycle over the atoms for some samples, in place; see `sweep`.

    Atom by atom: its row of the Gram matrix serves all of them. Shapes as for
    `sweep`, but for lmbd (n_samples,) and todo, indices of samples.
    """
    for j in range(len(gram)):
        row = gram[j]
        for i in todo:
            if z[i, j] == 0 and abs(corr[i, j]) <= lmbd[i]:
                continue
            target = corr[i, j] + row[j] * z[i, j]
            target -= min(max(target, -lmbd[i]), lmbd[i])
            change = target / row[j] - z[i, j]
            if change != 0:
                z[i, j] += change
                for p in range(len(row)):
                    corr[i, p] -= change * row[p]


@njit(parallel=True, cache=True)
def sweep(gram, lmbd, z, corr):
    """One cycle over the atoms for each sample, in place.

    An atom that stays at zero costs a comparison.

    Parameters
    ----------
    gram : ndarray, shape (n_atoms, n_atoms)
        D'D, with a positive diagonal.
    lmbd : float
    z : ndarray, shape (n_samples, n_atoms)
    corr : ndarray, shape (n_samples, n_atoms)
        D'(x - Dz) of each sample; kept up to date.
    """
    lmbd = np.full(len(z), lmbd)
    for i in prange(len(z)):
        cycle(gram, lmbd, z, corr, np.full(1, i))
