"""A batch of Lasso problems, shared out to threads, with or without D'D."""
import numpy as np
from scipy.sparse import issparse

from unrolling.lasso.active_set import solve_batch
from unrolling.lasso.barzilai_borwein import (
    descend,
    descend_alone,
)
from unrolling.lasso.costs import (
    dictionary_cost,
    gradient_steps_pay,
    gram_cost,
    support_size,
    working_sets_cost,
)
from unrolling.lasso.gram import (
    gram_gap_error,
    gram_matrix,
    positive_factor,
    with_all_atoms,
)
from unrolling.lasso.problem import correlations
from unrolling.lasso.working_sets import solve_on_working_sets
from unrolling.linear import squared_norms
from unrolling.parallel import N_THREADS, one_blas_thread, share_out, slices

PILOT = 20
"""Samples that the choice of a method looks at."""


NEARLY_ALL = 0.99
"""A share of the atoms: if so many violate their bound at zero, problems start
from what the solution would be if it had all atoms."""


def solve_batches(D, x, lmbd, z0, tol, max_rounds, memory, correlated=False):
    """Solve for each lmbd from the solution for the one before.

    Each thread, the calling one among them, takes some samples at a time. At
    most eight arrays of the size of their z are alive in it.

    Parameters
    ----------
    lmbd : ndarray, shape (n_samples, n_regs)
    z0 : ndarray, shape (n_samples, n_atoms), or None
        Where to start for the first lmbd; None is zero.
    correlated : bool
        Whether neighbouring atoms are almost parallel, as cumulated columns
        are: gradient descent would take long, and fewer atoms enter at once.

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

        size = problem.block_size(memory / (64 * D.shape[1] * N_THREADS))
        share_out(solve, slices(len(x), size))
        if not problem.gap_error(z, gap) <= 0.1 * tol:
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
    if not (issparse(D) or correlated):
        costs[OnDictionary] = dictionary_cost(shape, n_samples, k)
    c = c if len(c) == n_samples else None
    best = min(costs, key=costs.get)
    if best is WithGram:
        dense = not correlated and gradient_steps_pay(shape, n_samples, k)
        problem = WithGram(
            D, x, lmbd, c, dense, dense and k > NEARLY_ALL * shape[1])
    else:
        problem = best(D, x, lmbd, c, memory / (4 * N_THREADS))
    problem.correlated = correlated
    return problem


class Way:
    """A way to solve the problems; c is x D, or None where not at hand."""

    correlated = False
    """See `unrolling.lasso.active_set.ENTRY_CORRELATED`."""

    block_bytes = 2**21
    """Size of z of the samples taken at a time: products want many rows."""

    least_rows = 32
    """So many samples at a time cost little more than one."""

    def __init__(self, D, x, lmbd, c):
        self.D, self.x, self.lmbd, self.c = D, x, lmbd, c

    def block_size(self, most):
        """How many samples to take at a time, up to most."""
        n_samples, n_atoms = len(self.x), self.D.shape[1]
        even = max(n_samples // (2 * N_THREADS),
                   min(self.least_rows, -(-n_samples // N_THREADS)))
        return max(1, min(even, self.block_bytes // (8 * n_atoms), int(most)))

    def correlations_at_zero(self, block):
        """x D of these samples, in C order."""
        return np.ascontiguousarray(
            self.x[block] @ self.D if self.c is None else self.c[block])


class WithoutGram(Way):
    """Problems solved on working sets of atoms."""

    def __init__(self, D, x, lmbd, c, memory):
        super().__init__(D, x, lmbd, c)
        self.memory = memory

    def solve(self, block, z, tol, max_rounds):
        """Solve the samples in place; their gaps and rounds."""
        x, lmbd = self.x[block], self.lmbd[block]
        c = self.correlations_at_zero(block)
        gap, rounds = np.empty(lmbd.shape), np.empty(lmbd.shape, int)
        for r in range(lmbd.shape[1]):
            z[:, r] = z[:, max(r - 1, 0)]
            gap[:, r], rounds[:, r] = self.solve_from(
                x, c, lmbd[:, r], z[:, r], tol, max_rounds)
        return gap, rounds

    def solve_from(self, x, c, lmbd, z, tol, max_rounds):
        """`solve_on_working_sets`."""
        return solve_on_working_sets(
            self.D, x, c, lmbd, z, tol, max_rounds, self.memory,
            self.correlated)

    def gap_error(self, z, gap):
        """Zero: the gaps come from D and x."""
        return 0.0


class OnDictionary(WithoutGram):
    """Solutions with many atoms: gradient steps before working sets."""

    def solve_from(self, x, c, lmbd, z, tol, max_rounds):
        """`solve_on_working_sets`, after gradient steps."""
        if len(x) == 1:
            gap = descend_alone(
                self.D, x, c, lmbd, z, tol, self.memory)
        else:
            gap = descend(
                lambda z, samples: (x[samples] - z @ self.D.T) @ self.D,
                c, squared_norms(x), lmbd, z, tol)[0]
        rounds = np.zeros(len(x), int)
        for i in np.flatnonzero(~(gap <= tol)):
            one = slice(i, i + 1)
            gap[one], rounds[one] = super().solve_from(
                x[one], c[one], lmbd[one], z[one], tol, max_rounds)
        return gap, rounds


class WithGram(Way):
    """Problems solved with D'D; dense: by gradient steps first, from a point
    with all atoms or from zero."""

    def __init__(self, D, x, lmbd, c, dense, all_atoms=False):
        super().__init__(D, x, lmbd, c)
        self.dense = dense
        self.gram, self.x_norm2 = gram_matrix(D), squared_norms(x)
        self.factor = positive_factor(self.gram) if all_atoms else None
        if not dense:  # sample by sample: all stays in the cache
            self.block_bytes, self.least_rows = 2**18, 1

    def solve(self, block, z, tol, max_rounds):
        """Solve the samples in place; their gaps and rounds."""
        c, x_norm2 = self.correlations_at_zero(block), self.x_norm2[block]
        lmbd = self.lmbd[block]
        solve = self.descend if self.dense else solve_batch
        return solve(self.gram, c, x_norm2, lmbd, z, tol, max_rounds,
                     min(self.D.shape), self.correlated)

    def descend(self, gram, c, x_norm2, lmbd, z, tol, max_rounds, rank,
                correlated):
        """`solve_batch`, after gradient steps."""
        gap, rounds = np.empty(lmbd.shape), np.zeros(lmbd.shape, int)

        def correlate(z, samples):
            return c[samples] - z @ gram

        if self.factor is not None:
            at_zero = np.flatnonzero(~z[:, 0].any(axis=1))
            z[at_zero, 0] = with_all_atoms(
                self.factor, c[at_zero], lmbd[at_zero, 0])
        for r in range(lmbd.shape[1]):
            z[:, r] = z[:, max(r - 1, 0)]
            gap[:, r] = descend(
                correlate, c, x_norm2, lmbd[:, r], z[:, r], tol)[0]
            at_r = slice(r, r + 1)
            for i in np.flatnonzero(~(gap[:, r] <= tol)):
                one = slice(i, i + 1)
                gap[one, at_r], rounds[one, at_r] = solve_batch(
                    gram, c[one], x_norm2[one], lmbd[one, at_r],
                    z[one, at_r], tol, max_rounds, rank, correlated)
        return gap, rounds

    def gap_error(self, z, gap):
        """The order of the largest error of gaps that Gram quantities gave."""
        return gram_gap_error(
            self.D, self.gram, self.x_norm2, self.lmbd, z, gap)


def certified(z, D, x, lmbd):
    """Relative gaps from D and x; a z that costs more than zero becomes it."""
    gap, cost = correlations(x - z @ D.T, z, D, x, lmbd)[1:]
    worse = np.flatnonzero(~(cost <= 1 + 1e-12))
    if len(worse):
        z[worse] = 0
        gap[worse] = correlations(
            x[worse], z[worse], D, x[worse], lmbd[worse])[1]
    return gap
