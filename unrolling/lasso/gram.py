"""The Gram matrix D'D that a batch of Lasso problems shares."""
from itertools import combinations

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.sparse import issparse

from unrolling.parallel import N_THREADS, share_out, slices


def gram_matrix(D):
    """D'D, (n_atoms, n_atoms): its upper blocks on all threads, and copies.

    As many blocks a side as threads share the products out evenly: those off
    the diagonal cost twice as much as those on it, and come first.
    """
    n_atoms = D.shape[1]
    if D.shape[0] * n_atoms**2 <= 5e7:  # not worth another thread
        if issparse(D):
            return (D.T @ D).toarray()
        # of an array with itself, numpy forms a half, and copies it slowly
        return D.T @ D.copy()
    gram = np.empty((n_atoms, n_atoms))
    blocks = slices(n_atoms, min(1024, -(-n_atoms // N_THREADS)))

    def fill(pair):
        rows, columns = pair
        product = D[:, rows].T @ D[:, columns]
        gram[rows, columns] = (
            product.toarray() if issparse(product) else product)
        if rows != columns:
            gram[columns, rows] = gram[rows, columns].T

    share_out(fill, list(combinations(blocks, 2))
              + [(block, block) for block in blocks])
    return gram


def positive_factor(gram):
    """What `cho_solve` takes, or None where rounding makes D'D singular."""
    try:
        return cho_factor(gram, check_finite=False)
    except LinAlgError:
        return None


def with_all_atoms(factor, c, lmbd):
    """(D'D)^-1 (c - lmbd s), with the signs s of (D'D)^-1 c.

    This is the solution if it has all atoms and these signs.

    Parameters
    ----------
    factor : what `positive_factor` gives
    c : ndarray, shape (n_samples, n_atoms)
    lmbd : ndarray, shape (n_samples,)

    Returns
    -------
    ndarray, shape (n_samples, n_atoms)
    """
    signs = np.sign(cho_solve(factor, c.T, check_finite=False).T)
    return cho_solve(
        factor, (c - lmbd[:, None] * signs).T, check_finite=False).T


def gram_gap_error(D, gram, x_norm2, lmbd, z, gap):
    """The order of the largest error of gaps that Gram quantities gave.

    Rounding errors of D'(x - Dz) are of the order of eps sqrt(n_dim)
    max ||d_j||^2 ||z||_1, times 5 with a probability that is all but one, and
    their ratio to lmbd is that of the gap's. (N. Higham and T. Mary, A new
    approach to probabilistic rounding error analysis, SIAM J. Sci. Comput.
    41(5), 2019.)

    Looks at z (n_samples, n_regs, n_atoms) only where the bound lmbd ||z||_1
    <= F(z) <= (1 + gap) F(0) is too large to tell.
    """
    n_dim = D.shape[0]
    unit = (np.finfo(float).eps * min(n_dim, 5 * n_dim**0.5)
            * gram.diagonal().max())
    l1 = (1 + gap) * x_norm2[:, None] / (2 * lmbd)
    if (l1 / lmbd).max(initial=0) * unit > 1e-9:
        l1 = np.array([[abs(one).sum() for one in sample] for sample in z])
    return unit * (l1 / lmbd).max(initial=0)
