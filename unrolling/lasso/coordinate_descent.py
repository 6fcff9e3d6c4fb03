"""Coordinate descent for Lasso problems that share one Gram matrix.

(J. Friedman, T. Hastie and R. Tibshirani, Regularization paths for generalized
linear models via coordinate descent, J. Stat. Softw. 33(1), 2010, section 2,
covariance updates.)
"""
from numba import njit, prange

fast = njit(cache=True, nogil=True, error_model="numpy",
            fastmath={"reassoc", "contract", "nsz"})


@fast
def cycle(gram, lmbd, z, corr):
    """One cycle over the atoms for one sample; see `sweep`."""
    n_changed = 0
    for j in range(len(gram)):
        if z[j] == 0 and abs(corr[j]) <= lmbd:
            continue
        row = gram[j]
        target = corr[j] + row[j] * z[j]
        target -= min(max(target, -lmbd), lmbd)
        change = target / row[j] - z[j]
        if change != 0:
            n_changed += 1
            z[j] += change
            for p in range(len(row)):
                corr[p] -= change * row[p]
    return n_changed


@njit(parallel=True, cache=True)
def sweep(gram, lmbd, z, corr):
    """One cycle over the atoms for each sample, in place.

    An atom that changes costs n_atoms multiplications, and one that stays at
    zero a comparison.

    Parameters
    ----------
    gram : ndarray, shape (n_atoms, n_atoms)
        D'D, with a positive diagonal.
    lmbd : float
    z : ndarray, shape (n_samples, n_atoms)
    corr : ndarray, shape (n_samples, n_atoms)
        D'(x - Dz) of each sample; kept up to date.

    Returns
    -------
    int
        How many atoms have changed, over all samples.
    """
    n_changed = 0
    for i in prange(len(z)):
        n_changed += cycle(gram, lmbd, z[i], corr[i])
    return n_changed
