"""Coordinate descent for many Lasso problems that share one Gram matrix."""
import numpy as np
from numba import njit, prange


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
    for i in prange(len(z)):
        for j in range(len(gram)):
            if z[i, j] == 0 and abs(corr[i, j]) <= lmbd:
                continue
            target = corr[i, j] + gram[j, j] * z[i, j]
            target = np.sign(target) * max(abs(target) - lmbd, 0.0)
            change = target / gram[j, j] - z[i, j]
            if change != 0:
                z[i, j] += change
                for k in range(len(gram)):
                    corr[i, k] -= change * gram[j, k]
