"""A batch of Lasso problems, shared out to threads, with or without D'D."""
import numpy as np
from scipy.sparse import issparse

from unrolling.lasso.active_set import solve_batch
from unrolling.lasso.coordinate_descent import (
    descend_on_atoms,
    descend_on_gram,
)
from unrolling.lasso.costs import (
    atoms_cost,
    coordinate_descent_pays,
    gram_cost,
    support_size,
    working_sets_cost,
)
from unrolling.lasso.gram import gram_gap_error, gram_matrix, transposed
from unrolling.lasso.problem import correlations
from unrolling.lasso.working_sets import solve_on_working_sets
from unrolling.linear import squared_norms
from unrolling.parallel import N_THREADS, one_blas_thread, share_out, slices

PILOT = 20
"""Samples that the choice of a method looks at."""


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
                block, z[block], tol, max_rounds)

        def certify(block):
            for r in range(lmbd.shape[1]):
                gap[block, r] = certified(
                    z[block, r], D, x[block], lmbd[block, r])

        size = max(1, min(len(x) // (2 * N_THREADS),
                          problem.block_bytes // (8 * D.shape[1]),
                          int(memory / (64 * D.shape[1] * N_THREADS))))
        share_out(solve, slices(len(x), size))
        if not problem.gap_error(gap) <= 0.1 * tol:
            share_out(certify, slices(len(x), size))
    return z, gap, rounds


def choose(D, x, lmbd, memory, correlated):
    """The way to solve that costs least and fits in memory."""
    shape, n_samples = D.shape, len(x)
    pilot = slice(None, None, max(1, n_samples // PILOT))
    c = x[pilot] @ D
    k = support_size(c, lmbd[pilot], shape[0])
    costs = {WithoutGram: working_sets_cost(shape, n_samples, k)}
    if 8 * (shape[1] ** 2 + N_THREADS * min(shape) ** 2) <= memory / 2:
        costs[WithGram] = gram_cost(shape, n_samples, k)
    if not (issparse(D) or correlated) and 8 * D.size <= memory / 2:
        costs[OnAtoms] = atoms_cost(shape, n_samples, k)
    best = min(costs, key=costs.get)
    if best is WithGram:
        problem = WithGram(
            D, x, lmbd, c if len(c) == n_samples else None,
            coordinate_descent_pays(shape, k) and not correlated)
    else:
        problem = best(D, x, lmbd, memory / (4 * N_THREADS))
    problem.correlated = correlated
    return problem


class WithoutGram:
    """Problems solved on working sets of atoms."""

    correlated = False
    """See `unrolling.lasso.active_set.ENTRY_CORRELATED`."""

    block_bytes = 2**21
    """Size of z of the samples taken at a time: products want many rows."""

    def __init__(self, D, x, lmbd, memory):
        self.D, self.x, self.lmbd, self.memory = D, x, lmbd, memory

    def solve(self, block, z, tol, max_rounds):
        """Solve the samples in place; their gaps and rounds."""
        x, lmbd = self.x[block], self.lmbd[block]
        gap, rounds = np.empty(lmbd.shape), np.empty(lmbd.shape, int)
        for r in range(lmbd.shape[1]):
            z[:, r] = z[:, max(r - 1, 0)]
            gap[:, r], rounds[:, r] = self.solve_from(
                x, lmbd[:, r], z[:, r], tol, max_rounds)
        return gap, rounds

    def solve_from(self, x, lmbd, z, tol, max_rounds):
        """`solve_on_working_sets`."""
        return solve_on_working_sets(
            self.D, x, lmbd, z, tol, max_rounds, self.memory,
            self.correlated)

    def gap_error(self, gap):
        """Zero: the gaps come from D and x."""
        return 0.0


class OnAtoms(WithoutGram):
    """Solutions with many atoms: coordinate descent before working sets."""

    block_bytes = 2**18

    def __init__(self, D, x, lmbd, memory):
        super().__init__(D, x, lmbd, memory)
        self.atoms = transposed(D)
        self.norm2 = squared_norms(self.atoms)

    def solve_from(self, x, lmbd, z, tol, max_rounds):
        """`solve_on_working_sets`, after coordinate descent."""
        gap = descend_on_atoms(
            self.D, self.atoms, self.norm2, x, lmbd, z, tol)
        rounds = np.zeros(len(x), int)
        for i in np.flatnonzero(~(gap <= tol)):
            one = slice(i, i + 1)
            gap[one], rounds[one] = super().solve_from(
                x[one], lmbd[one], z[one], tol, max_rounds)
        return gap, rounds


class WithGram:
    """Problems solved with D'D; dense: by coordinate descent first.

    c is x D, or None where it is not at hand.
    """

    correlated = False

    block_bytes = 2**18
    """Size of z of the samples taken at a time: all stays in the cache."""

    def __init__(self, D, x, lmbd, c, dense):
        self.D, self.x, self.lmbd, self.c, self.dense = D, x, lmbd, c, dense
        self.gram, self.x_norm2 = gram_matrix(D), squared_norms(x)
        # samples that share each row of D'D: few stay in the innermost cache,
        # more save transfers where the matrix stays in no cache
        self.n_together = 4 if self.gram.size < 1_000_000 else 16

    def solve(self, block, z, tol, max_rounds):
        """Solve the samples in place; their gaps and rounds."""
        c = self.x[block] @ self.D if self.c is None else self.c[block]
        c, x_norm2 = np.ascontiguousarray(c), self.x_norm2[block]
        lmbd = self.lmbd[block]
        solve = self.descend if self.dense else solve_batch
        return solve(self.gram, c, x_norm2, lmbd, z, tol, max_rounds,
                     min(self.D.shape), self.correlated)

    def descend(self, gram, c, x_norm2, lmbd, z, tol, max_rounds, rank,
                correlated):
        """`solve_batch`, after coordinate descent."""
        gap, rounds = np.empty(lmbd.shape), np.zeros(lmbd.shape, int)
        for r in range(lmbd.shape[1]):
            z[:, r] = z[:, max(r - 1, 0)]
            for few in slices(len(c), self.n_together):
                gap[few, r] = descend_on_gram(
                    gram, c[few], x_norm2[few], lmbd[few, r], z[few, r], tol)
            at_r = slice(r, r + 1)
            for i in np.flatnonzero(~(gap[:, r] <= tol)):
                one = slice(i, i + 1)
                gap[one, at_r], rounds[one, at_r] = solve_batch(
                    gram, c[one], x_norm2[one], lmbd[one, at_r],
                    z[one, at_r], tol, max_rounds, rank, correlated)
        return gap, rounds

    def gap_error(self, gap):
        """The order of the largest error of gaps that Gram quantities gave."""
        return gram_gap_error(
            self.D, self.gram, self.x_norm2, self.lmbd, gap)


def certified(z, D, x, lmbd):
    """Relative gaps from D and x; a z that costs more than zero becomes it."""
    gap, cost = correlations(x - z @ D.T, z, D, x, lmbd)[1:]
    worse = np.flatnonzero(~(cost <= 1 + 1e-12))
    if len(worse):
        z[worse] = 0
        gap[worse] = correlations(
            x[worse], z[worse], D, x[worse], lmbd[worse])[1]
    return gap
