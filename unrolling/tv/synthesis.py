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

from unrolling.lasso.active_set import solve_batch
from unrolling.lasso.batch import solve_batches
from unrolling.linear import squared_norms
from unrolling.parallel import one_blas_thread, share_out, slices
from unrolling.tv.batch import BLOCK, project


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
        B = np.empty((len(A), A.shape[1] - 1))
        A[:, :0:-1].cumsum(axis=1, out=B[:, ::-1])
        size = column_norms2(B)
        norm2 = column @ column
        # the share of A1 in each atom
        share = column @ B / norm2 if norm2 else np.zeros(B.shape[1])
        B -= np.outer(column, share)
        # what A1 explains up to rounding is no atom
        least = (8 * len(A) * np.finfo(float).eps) ** 2 * size
        self.atoms = np.flatnonzero(column_norms2(B) > least)
        self.n_differences = B.shape[1]
        self.share = share[self.atoms]
        self.B = B.take(self.atoms, axis=1)
        self.largest = np.linalg.norm(abs(A).sum(axis=1))

    def samples(self, x, constant):
        """x - c* A1; zero where that is all but rounding."""
        centred, eps = np.empty_like(x), np.finfo(float).eps

        def work(rows):
            v = centred[rows]
            np.multiply.outer(constant[rows], self.column, out=v)
            np.subtract(x[rows], v, out=v)
            least = (8 * x.shape[1] * eps) ** 2 * squared_norms(x[rows])
            v[squared_norms(v) <= least] = 0

        share_out(work, slices(len(x), BLOCK))
        return centred

    def codes(self, u):
        """The differences of signals (n_samples, n_times) at the atoms."""
        return np.diff(u)[:, self.atoms]

    def signals(self, w, u, constant=None):
        """Write the signals with these codes, each with its best constant.

        Parameters
        ----------
        w : ndarray, shape (n_samples, n_atoms)
        u : ndarray, shape (n_samples, n_times)
            Overwritten.
        constant : ndarray, shape (n_samples,), or None
            c*, the best one of u = 0; None if u is to begin with zero.
        """
        every = len(self.atoms) == self.n_differences

        def work(rows):
            v, codes = u[rows], w[rows]
            if every:
                v[:, 1:] = codes
            else:
                v[:, 1:] = 0
                v[:, self.atoms + 1] = codes
            v[:, 0] = 0 if constant is None else (
                constant[rows] - codes @ self.share)
            v.cumsum(axis=1, out=v)

        share_out(work, slices(len(u), BLOCK))

    def solve(self, problem, w0, tol, max_rounds, memory):
        """Codes for each lmbd, their gaps, and the rounds.

        w0 (n_samples, n_atoms) or None is where the first lmbd starts. The
        gaps, (n_samples, n_regs), are NaN where rounding may make more than
        tol / 10 of a difference to those of the signals, and with Huber's
        fit.

        Returns
        -------
        w (n_samples, n_regs, n_atoms), gap, rounds
        """
        lmbd = problem.lmbd
        if not len(self.atoms):
            return (np.empty((*lmbd.shape, 0)), np.full(lmbd.shape, np.nan),
                    np.zeros(lmbd.shape, int))
        constant = problem._replace(delta=None).constant()
        x = self.samples(problem.x, constant)
        if problem.delta is not None:
            w, rounds = self.solve_huber(
                x, lmbd, problem.delta, w0, tol, max_rounds)
            return w, np.full(lmbd.shape, np.nan), rounds
        w, gap, rounds = solve_batches(
            self.B, x, lmbd, w0, tol, max_rounds, memory, correlated=True)
        error = self.gap_error(
            problem, constant, squared_norms(x)[:, None], gap)
        # a gap below zero shows rounding, too
        gap[~(np.maximum(error, -gap) <= 0.1 * tol)] = np.nan
        return w, gap, rounds

    def gap_error(self, problem, constant, norm2, gap):
        """A bound on what rounding in B, in x - c* A1 and in the sums of the
        differences makes of the gaps.

        With m = (n_dim + n_times) eps / 2, the correlations of the Lasso are
        wrong by m largest (||x|| + largest max |u|) at most; over lmbd, that
        is the part of the dual value that is wrong. The cost is wrong by
        4 m lmbd n_times max |u|. No |u_i| is larger than |c*| + (1 + max
        |share|) ||w||_1, and lmbd ||w||_1 is at most 1 + gap times F(0) =
        1/2 ||x - c* A1||^2, to which gaps are relative.

        Parameters
        ----------
        constant : ndarray, shape (n_samples,)
            c*.
        norm2 : ndarray, shape (n_samples, 1)
            ||x - c* A1||^2.
        gap : ndarray, shape (n_samples, n_regs)
        """
        lmbd, (n_dim, n_times) = problem.lmbd, problem.A.shape
        size = np.sqrt(squared_norms(problem.x))[:, None]
        with np.errstate(over="ignore", invalid="ignore"):
            peak = abs(constant)[:, None] + (
                1 + abs(self.share).max()) * (1 + gap) * norm2 / (2 * lmbd)
            cost = 8 * lmbd * n_times * peak / np.maximum(norm2, 1e-300)
            dual = self.largest * (size + self.largest * peak) / lmbd
            return (n_dim + n_times) * np.finfo(float).eps / 2 * (dual + cost)

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
                        max_rounds, min(atoms.shape), True)
                    w[i, r] = z[0, 0, :n_atoms]
                    before = ratio

            share_out(solve, range(len(x)))
        return w, rounds


def column_norms2(B):
    """||b||^2 of each column, (n_columns,)."""
    return np.einsum("ij,ij->j", B, B)
