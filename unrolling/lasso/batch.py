"""A batch of Lasso problems, shared out to threads, with or without D'D."""
import numpy as np
from scipy.sparse import issparse
from threadpoolctl import ThreadpoolController

from unrolling.lasso.active_set import solve_batch
from unrolling.lasso.problem import correlation_and_gap
from unrolling.parallel import N_THREADS, share_out, slices

BLAS = ThreadpoolController().select(user_api="blas")


def solve_batches(D, x, lmbd, z0, tol, max_rounds, memory):
    """Solve for each lmbd from the solution for the one before.

    Each thread, the calling one among them, takes some samples at a time. At
    most four arrays of the size of their z are alive in it.

    Parameters
    ----------
    lmbd : ndarray, shape (n_samples, n_regs)
    z0 : ndarray, shape (n_samples, n_atoms), or None
        Where to start for the first lmbd; None is zero.

    Returns
    -------
    z : ndarray, shape (n_samples, n_regs, n_atoms)
    gap : ndarray, shape (n_samples, n_regs)
        Relative duality gaps.
    """
    n_atoms = D.shape[1]
    z, gap = np.empty((*lmbd.shape, n_atoms)), np.empty(lmbd.shape)
    with_gram = 8 * (n_atoms**2 + N_THREADS * min(D.shape)**2) <= memory / 2
    gram = np.empty((n_atoms, n_atoms)) if with_gram else None
    x_norm2 = np.einsum("ij,ij->i", x, x)

    def fill(atoms):
        if issparse(D):
            gram[atoms] = (D.T[atoms] @ D).toarray()
        else:
            np.matmul(D.T[atoms], D, out=gram[atoms])

    def solve(block):
        x_b, lmbd_b, z_b = x[block], lmbd[block], z[block]
        z_b[:, 0] = 0 if z0 is None else z0[block]
        if with_gram:
            gap[block] = solve_batch(
                gram, np.ascontiguousarray(x_b @ D), x_norm2[block], lmbd_b,
                z_b, tol, max_rounds, min(D.shape))
            return
        for r in range(lmbd.shape[1]):
            z_b[:, r] = z_b[:, max(r - 1, 0)]
            solve_on_working_sets(
                D, x_b, lmbd_b[:, r], z_b[:, r], tol, max_rounds)

    def certify(block):
        for r in range(lmbd.shape[1]):
            gap[block, r] = correlation_and_gap(
                z[block, r], D, x[block], lmbd[block, r])[1]

    # with D'D, what is at hand stays in the cache; products want many rows
    n_bytes = 2**18 if with_gram else 2**21
    size = max(1, min(len(x) // (2 * N_THREADS), n_bytes // (8 * n_atoms),
                      int(memory / (64 * n_atoms * N_THREADS))))
    with BLAS.limit(limits=1):  # its own threads spin for long after a product
        if with_gram:
            share_out(fill, slices(n_atoms, 512))
        share_out(solve, slices(len(x), size))
        if not (with_gram and gram_gap_error(
                D, gram, x_norm2, lmbd, gap) <= 0.1 * tol):
            share_out(certify, slices(len(x), size))
    return z, gap


def gram_gap_error(D, gram, x_norm2, lmbd, gap):
    """The order of the largest error of gaps that Gram quantities gave.

    Rounding errors of D'(x - Dz) are of the order of eps n_dim max ||d_j||^2
    ||z||_1, their ratio to lmbd is that of the gap's, and
    lmbd ||z||_1 <= F(z) <= (1 + gap) F(0).
    """
    l1 = (1 + gap) * x_norm2[:, None] / (2 * lmbd)
    unit = np.finfo(float).eps * D.shape[0] * gram.diagonal().max()
    return unit * (l1 / lmbd).max(initial=0)


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
