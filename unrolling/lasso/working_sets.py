"""The Lasso on working sets of atoms, without the Gram matrix of all."""
import numpy as np
from scipy.sparse import issparse

from unrolling.lasso.active_set import (
    Face,
    gaps_and_costs,
    new_face,
    solve_from,
)
from unrolling.linear import squared_norms

PATIENCE = 10
"""Working sets that may follow each other without progress; see
`unrolling.lasso.active_set.PATIENCE`."""


def solve_on_working_sets(D, x, c, lmbd, z, tol, max_rounds, memory,
                          correlated):
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
    c : ndarray, shape (n_samples, n_atoms)
        x D.
    lmbd : ndarray, shape (n_samples,)
    z : ndarray, shape (n_samples, n_atoms)
        The start points, overwritten by the solutions.
    tol : float
    max_rounds : int
    memory : float
        Bytes for the working sets that wait for their next round; those for
        which there is no room are formed anew.
    correlated : bool
        See `unrolling.lasso.active_set.ENTRY_CORRELATED`.

    Returns
    -------
    gap, rounds : ndarrays, shape (n_samples,)
        Relative duality gaps, and the rounds that each problem took.
    """
    residual, progress = x.copy(), Progress(len(x))
    rounds = np.zeros(len(x), int)
    started = np.flatnonzero(z.any(axis=1))
    at_zero = not len(started)
    for i in started:
        support = np.flatnonzero(z[i])
        with np.errstate(over="ignore", invalid="ignore"):
            residual[i] -= columns(D, support) @ z[i, support]
    x_norm2 = squared_norms(x)
    face, kept = new_face(min(D.shape))
    todo, sets = np.arange(len(x)), {}
    while len(todo):
        with np.errstate(over="ignore", invalid="ignore"):
            corr = c if at_zero else residual[todo] @ D
            gap, cost = gaps_and_costs(
                x[todo], lmbd[todo], z[todo], residual[todo], corr)
        at_zero = False
        going = progress.update(todo, z, gap, cost) & ~(gap <= tol) & (
            rounds[todo] < max_rounds)
        for m in np.flatnonzero(going):
            i = todo[m]
            if not cost[m] <= 1 + 1e-12 and not rounds[i]:
                z[i], residual[i] = 0, x[i]  # the start costs more than zero
                continue
            at_hand = sets.pop(i, None) or WorkingSet(D, x[i], z[i])
            going[m] = at_hand.grow(D, corr[m], lmbd[i]) or (
                len(at_hand.atoms) and not rounds[i])
            if going[m]:
                rounds[i] += at_hand.solve(
                    lmbd[i], x_norm2[i], tol, max_rounds - rounds[i], face,
                    kept, correlated)
                z[i, at_hand.atoms] = at_hand.z
                residual[i] = at_hand.residual()
                room = memory - sum(one.nbytes for one in sets.values())
                if at_hand.nbytes <= room:
                    sets[i] = at_hand
        todo = todo[going]
    return progress.put_back(z), rounds


def columns(D, atoms):
    """These columns of D, an ndarray (n_dim, len(atoms))."""
    return D[:, atoms].toarray("F") if issparse(D) else D[:, atoms]


class WorkingSet:
    """One problem on some atoms: the support first, then those that enter."""

    def __init__(self, D, x, z):
        self.x = x
        self.D = np.empty((0, len(x)))
        self.gram = np.empty((0, 0))
        self.atoms = np.empty(0, int)
        self.z = self.c = np.empty(0)
        self.face = None
        self.append(D, np.flatnonzero(z), z)

    @property
    def nbytes(self):
        return self.D.nbytes + self.gram.nbytes + sum(
            part.nbytes for part in self.face or ())

    def append(self, D, atoms, z):
        """Let these atoms in, with their coefficients in z."""
        m, n = len(self.atoms), len(self.atoms) + len(atoms)
        D, old = columns(D, atoms).T, self.D
        self.D = np.empty((n, len(self.x)))
        self.D[:m], self.D[m:] = old, D
        gram, self.gram = self.gram, np.empty((n, n))
        self.gram[:m, :m] = gram
        np.matmul(self.D[m:], self.D.T, out=self.gram[m:])
        self.gram[:m, m:] = self.gram[m:, :m].T
        self.atoms = np.concatenate([self.atoms, atoms])
        self.z = np.concatenate([self.z, z[atoms]])
        self.c = np.concatenate([self.c, self.D[m:] @ self.x])

    def grow(self, D, corr, lmbd):
        """Let atoms in that violate their bound; False where none does."""
        excess = abs(corr) - lmbd
        excess[self.atoms] = 0
        violators = np.flatnonzero(excess > 0)
        n_new = max(np.count_nonzero(self.z), 50)
        if n_new < len(violators):
            worst = np.argpartition(-excess[violators], n_new)[:n_new]
            violators = np.sort(violators[worst])  # neighbours stay so
        self.append(D, violators, np.zeros(len(corr)))
        return len(violators) > 0

    def solve(self, lmbd, x_norm2, tol, max_rounds, face, kept, correlated):
        """Solve the problem on these atoms; the rounds that it took, >= 1.

        Goes on from the face that the last call ended on.
        """
        k = -1
        if self.face is not None:
            k = len(self.face.atom)
            for part, known in zip(face, self.face, strict=True):
                part[tuple(slice(n) for n in known.shape)] = known
        k, rounds = solve_from(self.gram, self.c, x_norm2, lmbd, self.z, tol,
                               max_rounds, face, k, kept, correlated)
        self.face = Face(*(part[(slice(k),) * part.ndim].copy()
                           for part in face))
        return max(1, rounds)

    def residual(self):
        """x - D z, (n_dim,)."""
        return self.x - self.z @ self.D


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
