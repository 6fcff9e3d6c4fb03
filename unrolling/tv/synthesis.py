"""TV-regularised regression in differences: a Lasso.

A signal is a constant and the sums of its differences w, u = c 1 + L w, so
A u = c A1 + B w with B = A L: column i of B is the sum of the columns of A
from i + 1 on. The constant is not penalised: where everything is projected
orthogonally to A1, it is gone, and

    min_w 1/2 ||x - B w||^2 + lmbd ||w||_1

is a Lasso. It has the duality gaps of the problem in u, and its F(0) is P(c*).

Huber's fit is h(r) = min_s 1/2 (r - s)^2 + delta |s| (an outlier s costs delta
|s|), so it is a Lasso with n_dim atoms more: s_i = lmbd / delta v_i.
"""
import numpy as np

from unrolling.lasso.active_set import ENTRY_CORRELATED, solve_batch
from unrolling.lasso.batch import solve_batches
from unrolling.linear import squared_norms
from unrolling.parallel import one_blas_thread, share_out
from unrolling.tv.batch import project


class Synthesis:
    """The Lasso of a batch of problems.

    Parameters
    ----------
    A : ndarray, shape (n_dim, n_times)
    column : ndarray, shape (n_dim,)
        A1.
    """

    def __init__(self, A, column):
        self.column = column
        B = A[:, :0:-1].cumsum(axis=1)[:, ::-1]
        size = squared_norms(B.T)
        B = project(B.T, column).T
        # what A1 explains up to rounding is no atom
        least = (8 * len(A) * np.finfo(float).eps) ** 2 * size
        self.atoms = np.flatnonzero(squared_norms(B.T) > least)
        self.n_differences = B.shape[1]
        self.B = np.ascontiguousarray(B[:, self.atoms])

    def samples(self, x):
        """x without what A1 explains; zero where that is all but rounding."""
        centred = project(x, self.column)
        least = (8 * x.shape[1] * np.finfo(float).eps) ** 2 * squared_norms(x)
        centred[squared_norms(centred) <= least] = 0
        return centred

    def codes(self, u):
        """The differences of signals (n_samples, n_times) at the atoms."""
        return np.diff(u)[:, self.atoms]

    def signals(self, w):
        """The signals (..., n_times) with these codes, from u = 0 on."""
        u = np.zeros((*w.shape[:-1], self.n_differences + 1))
        u[..., self.atoms + 1] = w
        return u.cumsum(axis=-1, out=u)

    def solve(self, problem, w0, tol, max_rounds, memory):
        """Codes (n_samples, n_regs, n_atoms) for each lmbd, and the rounds.

        w0 (n_samples, n_atoms) or None is where the first lmbd starts.
        """
        x = self.samples(problem.x)
        if not len(self.atoms):
            shape = problem.lmbd.shape
            return np.empty((*shape, 0)), np.zeros(shape, int)
        if problem.delta is not None:
            return self.solve_huber(
                x, problem.lmbd, problem.delta, w0, tol, max_rounds)
        w, _, rounds = solve_batches(
            self.B, x, problem.lmbd, w0, tol, max_rounds, memory,
            correlated=True)
        return w, rounds

    def solve_huber(self, x, lmbd, delta, w0, tol, max_rounds):
        """`solve` with Huber's fit: the Gram matrix of each lmbd / delta is
        that of B and the outliers, with scaled rows and columns."""
        n_dim, n_atoms = self.B.shape
        atoms = np.hstack([self.B, project(np.eye(n_dim), self.column)])
        w = np.empty((*lmbd.shape, n_atoms))
        rounds = np.empty(lmbd.shape, int)
        with one_blas_thread:
            gram, c = atoms.T @ atoms, x @ atoms

            def solve(i):
                z = np.zeros((1, 1, len(gram)))
                z[0, 0, :n_atoms] = 0 if w0 is None else w0[i]
                scale, before = np.ones(len(gram)), 1.0
                for r, t in enumerate(lmbd[i]):
                    ratio = t / delta[i]
                    scale[n_atoms:] = ratio
                    z[0, 0, n_atoms:] *= before / ratio
                    _, rounds[i, r:r + 1] = solve_batch(
                        scale[:, None] * gram * scale, scale * c[i:i + 1],
                        squared_norms(x[i:i + 1]), np.full((1, 1), t), z, tol,
                        max_rounds, min(atoms.shape), ENTRY_CORRELATED)
                    w[i, r] = z[0, 0, :n_atoms]
                    before = ratio

            share_out(solve, range(len(x)))
        return w, rounds
