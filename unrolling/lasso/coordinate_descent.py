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


@fast
def descend_on_gram(gram, c, x_norm2, lmbd, z, tol):
    """Descend from z, in place, while the gaps become much smaller.

    Atom by atom: its row of the Gram matrix serves all samples, which should
    be so few that what they need stays in the cache.

    Parameters
    ----------
    gram : ndarray, shape (n_atoms, n_atoms)
        D'D, with a positive diagonal.
    c, z : ndarrays, shape (n_samples, n_atoms)
        c = x D.
    x_norm2, lmbd : ndarrays, shape (n_samples,)
    tol : float

    Returns
    -------
    ndarray, shape (n_samples,) : relative gaps, from Gram quantities; above
        tol where the descent is slow.
    """
    n_looks, todo, corr = 0, np.arange(len(z)), c.copy()
    past, gap = np.full((PATIENCE, len(z)), np.inf), np.empty(len(z))
    for i in todo:
        for j in range(len(gram)):
            if z[i, j] != 0:
                corr[i] -= z[i, j] * gram[j]
    while len(todo) > 0:
        before, n_left = past[n_looks % PATIENCE], 0
        for i in todo:
            gap[i] = gram_gap_of_all(
                c[i], x_norm2[i], lmbd[i], z[i], corr[i])
            if not gap[i] <= tol and gap[i] < SLOW * before[i]:
                todo[n_left] = i
                n_left += 1
            before[i] = gap[i]
        todo = todo[:n_left]
        cycle(gram, lmbd, z, corr, todo)
        n_looks += 1
    return gap


@fast
def atom_cycles(atoms, norm2, lmbd, z, residual, corr, todo):
    """CYCLES cycles over the atoms that are in z or violate their bound.

    Parameters
    ----------
    atoms : ndarray, shape (n_atoms, n_dim)
        D', so that the entries of an atom lie next to each other.
    norm2 : ndarray, shape (n_atoms,)
        Their squared norms.
    lmbd : ndarray, shape (n_samples,)
    z : ndarray, shape (n_samples, n_atoms)
    residual : ndarray, shape (n_samples, n_dim)
        x - zD', kept up to date.
    corr : ndarray, shape (n_samples, n_atoms)
        D'(x - Dz) before the cycles.
    todo : ndarray of int
        The samples that are at hand.
    """
    for _ in range(CYCLES):
        for j in range(len(atoms)):
            atom = atoms[j]
            for i in todo:
                if z[i, j] == 0 and abs(corr[i, j]) <= lmbd[i]:
                    continue
                r, target = residual[i], norm2[j] * z[i, j]
                for p in range(len(atom)):
                    target += atom[p] * r[p]
                target -= min(max(target, -lmbd[i]), lmbd[i])
                change = target / norm2[j] - z[i, j]
                if change != 0:
                    z[i, j] += change
                    for p in range(len(atom)):
                        r[p] -= change * atom[p]


@np.errstate(over="ignore", invalid="ignore")  # of a start that overflows
def descend_on_atoms(D, atoms, norm2, x, lmbd, z, tol):
    """`descend_on_gram` without a Gram matrix.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    atoms, norm2, lmbd, z, tol : as for `atom_cycles` and `descend_on_gram`

    Returns
    -------
    ndarray, shape (n_samples,) : relative gaps, from D and x.
    """
    residual, corr = x - z @ atoms, np.empty(z.shape)
    gap = np.empty(len(z))
    past = [np.full(len(z), np.inf)] * (PATIENCE // CYCLES)

    def look(todo):
        corr[todo], gap[todo] = correlations(
            residual[todo], z[todo], D, x[todo], lmbd[todo])[:2]

    todo = np.arange(len(z))
    while len(todo):
        look(todo)
        todo = todo[~(gap[todo] <= tol) & (gap[todo] < SLOW * past[0][todo])]
        atom_cycles(atoms, norm2, lmbd, z, residual, corr, todo)
        past = [*past[1:], gap.copy()]
    solved = np.flatnonzero(gap <= tol)
    residual[:] = x - z @ atoms  # the updates' rounding errors add up
    look(solved)
    return gap
