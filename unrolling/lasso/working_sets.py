"""The Lasso on working sets of atoms, without the Gram matrix of all."""
import numpy as np
from scipy.sparse import issparse

from unrolling.lasso.active_set import solve_batch
from unrolling.lasso.problem import correlations

PATIENCE = 10
"""Working sets that may follow each other without progress; see
`unrolling.lasso.active_set.PATIENCE`."""


def solve_on_working_sets(D, x, lmbd, z, tol, max_rounds):
    """Solve every problem of the batch in place, without the Gram matrix.

    Each problem is solved on a working set of its atoms, the support and as
    many of those that violate |d_j'(x - Dz)| <= lmbd the most, until its gap
    over all atoms is small enough, none enters or nothing improves. (M.
    Massias, A. Gramfort and J. Salmon, Celer: a fast solver for the Lasso
    with dual extrapolation, ICML 2018, section 4, with all correlations of
    the batch in one product.)

    Parameters
    ----------
    D : ndarray or csc_array, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    lmbd : ndarray, shape (n_samples,)
    z : ndarray, shape (n_samples, n_atoms)
        The start points, overwritten by the solutions.
    tol : float
    max_rounds : int

    Returns
    -------
    gap, rounds : ndarrays, shape (n_samples,)
        Relative duality gaps, and the rounds that each problem took.
    """
    residual, progress = x.copy(), Progress(len(x))
    rounds = np.zeros(len(x), int)
    for i in np.flatnonzero(z.any(axis=1)):
        support = np.flatnonzero(z[i])
        with np.errstate(over="ignore", invalid="ignore"):
            residual[i] -= columns(D, support) @ z[i, support]
    todo = np.arange(len(x))
    while len(todo):
        with np.errstate(over="ignore", invalid="ignore"):
            corr, gap, cost = correlations(
                residual[todo], z[todo], D, x[todo], lmbd[todo])
        going = progress.update(todo, z, gap, cost) & ~(gap <= tol)
        for m in np.flatnonzero(going):
            i = todo[m]
            if not cost[m] <= 1 + 1e-12 and not rounds[i]:
                z[i], residual[i] = 0, x[i]  # the start costs more than zero
                continue
            atoms = working_set(z[i], corr[m], lmbd[i])
            going[m] = rounds[i] < max_rounds and (
                not rounds[i] or z[i, atoms[-1]] == 0)
            if going[m]:
                rounds[i] += solve_on_atoms(
                    D, x[i], lmbd[i], z[i], residual[i], atoms, tol,
                    max_rounds - rounds[i])
        todo = todo[going]
    return progress.put_back(z), rounds


def columns(D, atoms):
    """These columns of D, an ndarray (n_dim, len(atoms))."""
    return D[:, atoms].toarray("F") if issparse(D) else D[:, atoms]


def working_set(z, corr, lmbd):
    """The support, and then the atoms that violate their bound the most."""
    support = np.flatnonzero(z)
    excess = abs(corr) - lmbd
    excess[support] = 0
    violators = np.flatnonzero(excess > 0)
    n_new = max(len(support), 50)
    if n_new < len(violators):
        worst = np.argpartition(-excess[violators], n_new)[:n_new]
        violators = violators[worst]
    return np.concatenate([support, violators])


def solve_on_atoms(D, x, lmbd, z, residual, atoms, tol, max_rounds):
    """Solve one problem on some atoms, and update its residual.

    Returns
    -------
    int : the rounds that it took, at least one.
    """
    D, x = columns(D, atoms), x[None]
    z_atoms = z[atoms][None, None]
    rounds = solve_batch(
        D.T @ D, x @ D, np.array([x[0] @ x[0]]), np.array([[lmbd]]), z_atoms,
        tol, max_rounds, min(D.shape))[1]
    z[atoms] = z_atoms[0, 0]
    residual[:] = x[0] - D @ z[atoms]
    return max(1, rounds[0, 0])


class Progress:
    """The best point of each problem, and how long ago it was improved."""

    def __init__(self, n_samples):
        self.gap, self.least, self.lowest = np.full((3, n_samples), np.inf)
        self.since = np.zeros(n_samples, int)
        self.kept = {}

    def update(self, todo, z, gap, cost):
        """Note gaps and costs of these problems; False where they stall."""
        better = (gap < 0.9 * self.least[todo]) | (
            cost < self.lowest[todo] - 1e-12)
        self.least[todo] = np.where(
            better, np.fmin(gap, self.least[todo]), self.least[todo])
        self.lowest[todo] = np.where(
            better, np.fmin(cost, self.lowest[todo]), self.lowest[todo])
        self.since[todo] = np.where(better, 0, self.since[todo] + 1)
        for m in np.flatnonzero((gap < self.gap[todo]) & (cost <= 1 + 1e-12)):
            i = todo[m]
            support = np.flatnonzero(z[i])
            self.gap[i], self.kept[i] = gap[m], (support, z[i, support])
        return self.since[todo] <= PATIENCE

    def put_back(self, z):
        """Overwrite z by the best points, zero where none was as good; their
        gaps."""
        for i, (support, values) in self.kept.items():
            z[i] = 0
            z[i, support] = values
        return self.gap
