"""The synthesis form: u is the cumulated sum of z, whose entries are sparse.

With z_0 = u_0 and z_j = u_j - u_{j-1}, the problem is a Lasso in z whose first
entry, the constant, is not penalised.
"""
from functools import partial

import numpy as np

from benchmark_utils.tv import CertifiedSolver, IterativeSolver, diff
from unrolling.linear import lipschitz
from unrolling.tv.constant import constant_column


def cumulate(A):
    """A L, (n_dim, n_times), with u = L z: column j sums A's from j on."""
    return np.cumsum(A[:, ::-1], axis=1)[:, ::-1].copy()


def jumps(u):
    """z with u = L z, (n_samples, n_times)."""
    return np.hstack([u[:, :1], diff(u)])


def thresholds(n_times, lmbd):
    """lmbd for each entry of z but the first, which has none."""
    return np.array([0.0] + [lmbd] * (n_times - 1))


def project(A, x):
    """The Lasso of the jumps alone, the constant being projected out.

    For given jumps the best z_0 is that of a least squares problem in one
    unknown; what is left of the others' columns and of x is orthogonal to
    A 1, the image of the constant. Nothing is taken off where A 1 is zero, up
    to rounding.

    Returns
    -------
    D : ndarray, shape (n_dim, n_times - 1), by columns
    y : ndarray, shape (n_samples, n_dim)
    """
    B, image = cumulate(A)[:, 1:], constant_column(A)[:, None]
    constant = image / (np.linalg.norm(image) or 1)
    D = B - constant @ (constant.T @ B)
    return np.asfortranarray(D), x - x @ constant @ constant.T


def admm_penalty(A, lmbd, rho):
    """rho lmbd ||D||_2^2, where D are the columns of the Lasso of the jumps.

    Samples are scaled to lmbd_max = 1, max |D'y|: the jumps are of the order
    of 1 / ||D||^2, and the dual variable is at most lmbd. In this unit one
    rho suits short and long signals, see performance/tv/tune.py.
    """
    D, _ = project(A, np.zeros((1, len(A))))
    return rho * lmbd * lipschitz(D)


def from_jumps(z, A, x):
    """u, (n_samples, n_times), with the best constant for given jumps; none
    where A 1 is zero, up to rounding.

    Parameters
    ----------
    z : ndarray, shape (n_samples, n_times - 1)
    A, x : ndarrays, shapes (n_dim, n_times) and (n_samples, n_dim)
    """
    u = np.hstack([np.zeros((len(z), 1)), z.cumsum(axis=1)])
    image = constant_column(A)
    constant = (x - u @ A.T) @ image / (image @ image or 1)
    return u + constant[:, None]


class SynthesisSolver(IterativeSolver):
    """Base of the algorithms for the Lasso of the jumps: a subclass writes
    `codes(D, y, z, lmbd)`, which yields z and begins with the one it gets.

    The constant is projected out, for least squares only: z is (n_samples,
    n_times - 1), lmbd a number. Where a subclass has a parameter `projected`
    that is False, it is the first entry of z, (n_samples, n_times), and lmbd
    is (n_times,), 0 for it.
    """

    @property
    def is_projected(self):
        """Whether the constant is projected out."""
        return getattr(self, "projected", True)

    @property
    def quadratic_only(self):
        return self.is_projected

    def codes(self, D, y, z, lmbd):
        """Yields z; it may be overwritten later."""
        raise NotImplementedError(f"{type(self).__name__}.codes")

    def iterates(self, A, x, u, lmbd):
        if self.is_projected:
            D, y = project(A, x)
            for z in self.codes(D, y, diff(u), lmbd):
                yield partial(from_jumps, z, A, x)
        else:
            t = thresholds(u.shape[1], lmbd)
            for z in self.codes(cumulate(A), x, jumps(u), t):
                yield z.cumsum(axis=1)


class SynthesisPeer(CertifiedSolver):
    """Base of the libraries that solve a Lasso, sample by sample: a subclass
    writes `fit(D, y, tol)`, which returns z, (n_times - 1,), for one y."""

    quadratic_only = True

    def fit(self, D, y, tol):
        """Minimiser of 1/2 ||y - D z||^2 + lmbd ||z||_1."""
        raise NotImplementedError(f"{type(self).__name__}.fit")

    def solve(self, tol):
        D, y = project(self.A, self.x)
        z = np.array([self.fit(D, row, tol) for row in y])
        return from_jumps(z, self.A, self.x)
