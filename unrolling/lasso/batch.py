"""A batch of Lasso problems, shared out to threads, with or without D'D."""
import numpy as np
from scipy.sparse import issparse

from unrolling.lasso.active_set import solve_batch
from unrolling.lasso.problem import correlations
from unrolling.lasso.working_sets import solve_on_working_sets
from unrolling.parallel import N_THREADS, one_blas_thread, share_out, slices


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
    gap, rounds : ndarrays, shape (n_samples, n_regs)
        Relative duality gaps, and the rounds that each problem took.
    """
    n_atoms = D.shape[1]
    z, gap = np.empty((*lmbd.shape, n_atoms)), np.empty(lmbd.shape)
    rounds = np.empty(lmbd.shape, int)
    with_gram = (
        8 * (n_atoms**2 + N_THREADS * min(D.shape)**2) <= memory / 2
        and gram_pays(D, x, lmbd))
    gram = np.empty((n_atoms, n_atoms)) if with_gram else None
    x_norm2 = np.einsum("ij,ij->i", x, x)

    def fill(atoms):
        rows, rest = D.T[atoms], slice(atoms.start, None)
        if issparse(D):
            gram[atoms, rest] = (rows @ D[:, rest]).toarray()
        else:
            np.matmul(rows, D[:, rest], out=gram[atoms, rest])
        gram[rest, atoms] = gram[atoms, rest].T

    def solve(block):
        x_b, lmbd_b, z_b = x[block], lmbd[block], z[block]
        z_b[:, 0] = 0 if z0 is None else z0[block]
        if with_gram:
            gap[block], rounds[block] = solve_batch(
                gram, np.ascontiguousarray(x_b @ D), x_norm2[block], lmbd_b,
                z_b, tol, max_rounds, min(D.shape))
            return
        for r in range(lmbd.shape[1]):
            z_b[:, r] = z_b[:, max(r - 1, 0)]
            gap[block, r], rounds[block, r] = solve_on_working_sets(
                D, x_b, lmbd_b[:, r], z_b[:, r], tol, max_rounds,
                memory / (4 * N_THREADS))

    def certify(block):
        for r in range(lmbd.shape[1]):
            gap[block, r] = certified(
                z[block, r], D, x[block], lmbd[block, r])

    # with D'D, what is at hand stays in the cache; products want many rows
    n_bytes = 2**18 if with_gram else 2**21
    size = max(1, min(len(x) // (2 * N_THREADS), n_bytes // (8 * n_atoms),
                      int(memory / (64 * n_atoms * N_THREADS))))
    with one_blas_thread:  # its own threads spin for long after a product
        if with_gram:
            share_out(fill, slices(n_atoms, min(512, -(-n_atoms // 8))))
        share_out(solve, slices(len(x), size))
        if with_gram and not gram_gap_error(
                D, gram, x_norm2, lmbd, gap) <= 0.1 * tol:
            share_out(certify, slices(len(x), size))
    return z, gap, rounds


def gram_pays(D, x, lmbd):
    """Whether D'D costs less than the working sets that do without it.

    In multiplications of a blocked product, which are five times faster than
    those of a round and ten times faster than those of D with one vector, a
    batch takes ten rounds on k atoms with the Gram matrix; without it, five
    working sets of up to 2 k atoms with as many correlations. About as many
    atoms as have |d_j'x| > lmbd are in the solution, if they are independent.
    """
    n_dim, n_atoms = D.shape
    pilot = np.arange(0, len(x), max(1, len(x) // 20))
    above = abs(x[pilot] @ D) > lmbd[pilot].min(axis=1)[:, None]
    k = min(above.sum() / max(1, len(pilot)), n_dim)
    width = min(2 * k, n_atoms)
    each = 10 * 5 * k * n_atoms
    without = (5 * n_dim * n_atoms * (1 + 10 / len(pilot)) if len(pilot) else 0
               ) + n_dim * width**2 + 10 * 5 * k * width + 1e7
    in_turn = -(-len(x) // N_THREADS)
    return n_dim * n_atoms**2 / (2 * N_THREADS) + in_turn * each < (
        in_turn * without)


def certified(z, D, x, lmbd):
    """Relative gaps from D and x; a z that costs more than zero becomes it."""
    gap, cost = correlations(x - z @ D.T, z, D, x, lmbd)[1:]
    worse = np.flatnonzero(~(cost <= 1 + 1e-12))
    if len(worse):
        z[worse] = 0
        gap[worse] = correlations(
            x[worse], z[worse], D, x[worse], lmbd[worse])[1]
    return gap


def gram_gap_error(D, gram, x_norm2, lmbd, gap):
    """The order of the largest error of gaps that Gram quantities gave.

    Rounding errors of D'(x - Dz) are of the order of eps n_dim max ||d_j||^2
    ||z||_1, their ratio to lmbd is that of the gap's, and
    lmbd ||z||_1 <= F(z) <= (1 + gap) F(0).
    """
    l1 = (1 + gap) * x_norm2[:, None] / (2 * lmbd)
    unit = np.finfo(float).eps * D.shape[0] * gram.diagonal().max()
    return unit * (l1 / lmbd).max(initial=0)
