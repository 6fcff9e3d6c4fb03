"""A batch of Lasso problems, shared out to threads, with or without D'D."""
import numpy as np

from unrolling.lasso.active_set import (
    ENTRY,
    ENTRY_CORRELATED,
    solve_batch,
    solve_dense,
)
from unrolling.lasso.gram import (
    gram_gap_error,
    gram_matrix,
    gram_pays,
    support_size,
)
from unrolling.lasso.problem import correlations
from unrolling.lasso.working_sets import solve_on_working_sets
from unrolling.linear import squared_norms
from unrolling.parallel import N_THREADS, one_blas_thread, share_out, slices

DENSE = 0.4
"""From this share of the atoms in a support on, coordinate descent is faster,
if D has twice as many rows as atoms."""


def solve_batches(D, x, lmbd, z0, tol, max_rounds, memory, correlated=False):
    """Solve for each lmbd from the solution for the one before.

    Each thread, the calling one among them, takes some samples at a time. At
    most four arrays of the size of their z are alive in it.

    Parameters
    ----------
    lmbd : ndarray, shape (n_samples, n_regs)
    z0 : ndarray, shape (n_samples, n_atoms), or None
        Where to start for the first lmbd; None is zero.
    correlated : bool
        Whether neighbouring atoms are almost parallel, as cumulated columns
        are: coordinate descent would take long, and fewer atoms enter at once.

    Returns
    -------
    z : ndarray, shape (n_samples, n_regs, n_atoms)
    gap, rounds : ndarrays, shape (n_samples, n_regs)
        Relative duality gaps, and the rounds that each problem took.
    """
    z, gap = np.empty((*lmbd.shape, D.shape[1])), np.empty(lmbd.shape)
    rounds = np.empty(lmbd.shape, int)
    with one_blas_thread:  # its own threads spin for long after a product
        problem = choose(D, x, lmbd, memory, correlated)

        def solve(block):
            z[block, 0] = 0 if z0 is None else z0[block]
            gap[block], rounds[block] = problem.solve(
                x[block], lmbd[block], z[block], tol, max_rounds)

        def certify(block):
            for r in range(lmbd.shape[1]):
                gap[block, r] = certified(
                    z[block, r], D, x[block], lmbd[block, r])

        size = max(1, min(len(x) // (2 * N_THREADS),
                          problem.block_bytes // (8 * D.shape[1]),
                          int(memory / (64 * D.shape[1] * N_THREADS))))
        share_out(solve, slices(len(x), size))
        if not problem.gap_error(x, lmbd, gap) <= 0.1 * tol:
            share_out(certify, slices(len(x), size))
    return z, gap, rounds


def choose(D, x, lmbd, memory, correlated):
    """The way to solve that costs least and fits in memory."""
    n_atoms, rank = D.shape[1], min(D.shape)
    n_numbers = n_atoms**2 + N_THREADS * rank**2
    k = support_size(D, x, lmbd)
    share = ENTRY_CORRELATED if correlated else ENTRY
    if 8 * n_numbers > memory / 2 or not gram_pays(D, len(x), k):
        return WithoutGram(D, memory / (4 * N_THREADS), share)
    dense = k > DENSE * n_atoms and D.shape[0] >= 2 * n_atoms
    return WithGram(D, dense and not correlated, share)


class WithoutGram:
    """Problems solved on working sets of atoms."""

    block_bytes = 2**21
    """Size of z of the samples taken at a time: products want many rows."""

    def __init__(self, D, memory, share):
        self.D, self.memory, self.share = D, memory, share

    def solve(self, x, lmbd, z, tol, max_rounds):
        """Solve the samples in place; their gaps and rounds."""
        gap, rounds = np.empty(lmbd.shape), np.empty(lmbd.shape, int)
        for r in range(lmbd.shape[1]):
            z[:, r] = z[:, max(r - 1, 0)]
            gap[:, r], rounds[:, r] = solve_on_working_sets(
                self.D, x, lmbd[:, r], z[:, r], tol, max_rounds, self.memory,
                self.share)
        return gap, rounds

    def gap_error(self, x, lmbd, gap):
        """Zero: the gaps come from D and x."""
        return 0.0


class WithGram:
    """Problems solved with D'D; dense: their solutions have many atoms.

    For share, see `unrolling.lasso.active_set.ENTRY`.
    """

    block_bytes = 2**18
    """Size of z of the samples taken at a time: all stays in the cache."""

    def __init__(self, D, dense, share):
        self.D, self.gram, self.share = D, gram_matrix(D), share
        self.method = solve_dense if dense else solve_batch

    def solve(self, x, lmbd, z, tol, max_rounds):
        """Solve the samples in place; their gaps and rounds."""
        return self.method(
            self.gram, np.ascontiguousarray(x @ self.D), squared_norms(x),
            lmbd, z, tol, max_rounds, min(self.D.shape), self.share)

    def gap_error(self, x, lmbd, gap):
        """The order of the largest error of gaps that Gram quantities gave."""
        return gram_gap_error(
            self.D, self.gram, squared_norms(x), lmbd, gap)


def certified(z, D, x, lmbd):
    """Relative gaps from D and x; a z that costs more than zero becomes it."""
    gap, cost = correlations(x - z @ D.T, z, D, x, lmbd)[1:]
    worse = np.flatnonzero(~(cost <= 1 + 1e-12))
    if len(worse):
        z[worse] = 0
        gap[worse] = correlations(
            x[worse], z[worse], D, x[worse], lmbd[worse])[1]
    return gap
