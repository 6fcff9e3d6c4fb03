"""The Gram matrix D'D that a batch of Lasso problems shares."""
from itertools import combinations

import numpy as np
from scipy.sparse import issparse

from unrolling.parallel import N_THREADS, share_out, slices


def support_size(D, x, lmbd):
    """A guess of the mean number of atoms in a solution, from 20 samples.

    As many atoms as have |d_j'x| > lmbd, and no more than n_dim: about right
    for independent atoms, and too large for correlated ones.

    Parameters
    ----------
    D : ndarray or csc_array, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    lmbd : ndarray, shape (n_samples, n_regs)
    """
    pilot = np.arange(0, len(x), max(1, len(x) // 20))
    above = abs(x[pilot] @ D) > lmbd[pilot].min(axis=1)[:, None]
    return min(above.sum() / max(1, len(pilot)), min(D.shape))


def gram_pays(D, n_samples, k):
    """Whether D'D costs less than the working sets that do without it.

    Costs are in multiplications of a blocked product, which are five times
    faster than those of a round, and ten times faster than those of D with
    one vector. With D'D, a problem takes ten rounds of k n_atoms
    multiplications; without, five working sets of up to k atoms, each with
    the correlations of all atoms, and 0.3 ms of Python. A working set has
    twice the atoms of the support, but k, a guess, is seldom too small.

    Parameters
    ----------
    D : ndarray or csc_array, shape (n_dim, n_atoms)
    n_samples : int
    k : float
        `support_size`.
    """
    n_dim, n_atoms = D.shape
    with_gram = 50 * k * n_atoms
    without = (5 * n_dim * n_atoms * (1 + 10 / max(1, min(n_samples, 20)))
               + n_dim * k**2 + 50 * k**2 + 1e7)
    in_turn = -(-n_samples // N_THREADS)
    return n_dim * n_atoms**2 / (2 * N_THREADS) < in_turn * (
        without - with_gram)


def gram_matrix(D):
    """D'D, (n_atoms, n_atoms): its upper blocks on all threads, and copies.

    As many blocks a side as threads share the products out evenly: those off
    the diagonal cost twice as much as those on it, and come first.
    """
    n_atoms = D.shape[1]
    gram = np.empty((n_atoms, n_atoms))
    if D.shape[0] * n_atoms**2 > 5e7:  # worth another thread
        blocks = slices(n_atoms, min(1024, -(-n_atoms // N_THREADS)))
    else:
        blocks = slices(n_atoms, n_atoms)

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


def gram_gap_error(D, gram, x_norm2, lmbd, gap):
    """The order of the largest error of gaps that Gram quantities gave.

    Rounding errors of D'(x - Dz) are of the order of eps n_dim max ||d_j||^2
    ||z||_1, their ratio to lmbd is that of the gap's, and
    lmbd ||z||_1 <= F(z) <= (1 + gap) F(0).
    """
    l1 = (1 + gap) * x_norm2[:, None] / (2 * lmbd)
    unit = np.finfo(float).eps * D.shape[0] * gram.diagonal().max()
    return unit * (l1 / lmbd).max(initial=0)
