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
"""Cycles between two looks at the gap."""

SLOW = 0.5
"""The descent is given up where thrice so many leave this share of the gap,
which does not become smaller each time."""

fast = njit(cache=True, nogil=True, error_model="numpy",
            fastmath={"reassoc", "contract", "nsz"})


@fast
def cycle(gram, lmbd, z, corr):
    """One cycle over the atoms, in place; see `sweep`, for one sample."""
    for j in range(len(z)):
        if z[j] == 0 and abs(corr[j]) <= lmbd:
            continue
        row = gram[j]
        target = corr[j] + row[j] * z[j]
        target -= min(max(target, -lmbd), lmbd)
        change = target / row[j] - z[j]
        if change != 0:
            z[j] += change
            for p in range(len(z)):
                corr[p] -= change * row[p]


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
        cycle(gram, lmbd, z[i], corr[i])


@fast
def gram_cycles(gram, lmbd, z, corr):
    """CYCLES times `cycle`."""
    for _ in range(CYCLES):
        cycle(gram, lmbd, z, corr)


@fast
def atom_cycles(atoms, norm2, lmbd, z, residual, corr):
    """CYCLES cycles over the atoms that are in z or violate their bound.

    Parameters
    ----------
    atoms : ndarray, shape (n_atoms, n_dim)
        D', so that the entries of an atom lie next to each other.
    norm2 : ndarray, shape (n_atoms,)
        Their squared norms.
    lmbd : float
    z : ndarray, shape (n_atoms,)
        Overwritten.
    residual : ndarray, shape (n_dim,)
        x - Dz, kept up to date.
    corr : ndarray, shape (n_atoms,)
        D'(x - Dz) before the cycles.
    """
    active = np.flatnonzero((z != 0) | (np.abs(corr) > lmbd))
    for _ in range(CYCLES):
        for j in active:
            atom, target = atoms[j], norm2[j] * z[j]
            for p in range(len(atom)):
                target += atom[p] * residual[p]
            target -= min(max(target, -lmbd), lmbd)
            change = target / norm2[j] - z[j]
            if change != 0:
                z[j] += change
                for p in range(len(atom)):
                    residual[p] -= change * atom[p]


@np.errstate(over="ignore", invalid="ignore")  # of a start that overflows
def descend_on_gram(gram, c, x_norm2, lmbd, z, tol):
    """Descend from z, in place, while the gap becomes much smaller.

    Parameters
    ----------
    gram : ndarray, shape (n_atoms, n_atoms)
        D'D, with a positive diagonal.
    c, z : ndarrays, shape (n_atoms,)
        c = D'x.
    x_norm2, lmbd, tol : float

    Returns
    -------
    float : the relative gap, from Gram quantities; above tol where the
        descent is slow.
    """
    corr = c - z @ gram if z.any() else c.copy()
    return alternate(
        lambda: gram_gap_of_all(c, x_norm2, lmbd, z, corr)[0],
        lambda: gram_cycles(gram, lmbd, z, corr), tol)


@np.errstate(over="ignore", invalid="ignore")
def descend_on_atoms(D, atoms, norm2, x, lmbd, z, tol):
    """`descend_on_gram` without a Gram matrix.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms)
    atoms, norm2, lmbd, z, tol : as for `atom_cycles` and `descend_on_gram`
    x : ndarray, shape (n_dim,)

    Returns
    -------
    float : the relative gap, from D and x.
    """
    residual, corr = x - z @ atoms, np.empty(len(z))

    def look():
        corr[:], gap = (part[0] for part in correlations(
            residual[None], z[None], D, x[None], np.full(1, lmbd))[:2])
        return gap

    gap = alternate(
        look,
        lambda: atom_cycles(atoms, norm2, lmbd, z, residual, corr), tol)
    if gap <= tol:
        residual[:] = x - z @ atoms  # the updates' rounding errors add up
        gap = look()
    return gap


def alternate(look, cycles, tol):
    """The last gap that `look` gives: at most tol, or hardly below the one
    before the last three `cycles`."""
    gaps = [look()]
    while not gaps[-1] <= tol and (
            len(gaps) <= 3 or gaps[-1] < SLOW * gaps[-4]):
        cycles()
        gaps.append(look())
    return gaps[-1]
