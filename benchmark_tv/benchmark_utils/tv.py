"""What the classical solvers have in common: start, data fit, differences.

Functions take arrays of numpy and tensors alike.
"""
import math

import numpy as np
import torch

from unrolling.bench import classical
from unrolling.linear import LeastSquares
from unrolling.tv import best_constant


class TVSolver(classical.ClassicalSolver):
    """Keeps A, x, lmbd, Huber's delta, None or one per sample, and the bounds
    in seconds and iterations; returns u.
    """

    variable = "u"

    quadratic_only = False
    """Whether the method cannot do with Huber's data fit."""

    def refusal(self, delta=None, **_):
        if delta is not None and self.quadratic_only:
            return (f"{self.name} needs the quadratic data fit, got Huber's: "
                    "use data_fit=quad")
        return super().refusal()

    def set_objective(self, A, x, lmbd, max_time, max_iter, delta=None,
                      start_map=None, **_):
        self.A, self.x, self.lmbd, self.delta = A, x, lmbd, delta
        self.max_time, self.iteration_limit = max_time, max_iter
        self.start_map = start_map

    def arrays(self):
        return self.A, self.x, self.start()

    def start(self):
        return starting_signals(self.A, self.x, self.delta, self.start_map)

    def data_fit(self, A, x):
        """The data fit of a matrix, A or another one of n_dim rows."""
        return DataFit(A, x, self.delta)


def starting_signals(A, x, delta=None, start_map=None):
    """What iterations start from, (n_samples, n_times): x times the map that
    the objective gives, or the best constants."""
    if start_map is not None:
        return x @ start_map.T
    return np.tile(best_constant(A, x, delta)[:, None], A.shape[1])


class IterativeSolver(TVSolver, classical.IterativeSolver):
    """Base of the algorithms: a subclass writes `iterates(A, x, u, lmbd)`,
    which yields u, (n_samples, n_times), and begins with the one it gets."""


class CertifiedSolver(TVSolver, classical.CertifiedSolver):
    """Base of the solvers to a tolerance: a subclass writes `solve(tol)`,
    which returns u for `self.A`, `self.x`, `self.lmbd`, `self.delta`."""


class DataFit(LeastSquares):
    """sum_i h((A u - x)_i), with h(r) = r^2 / 2 or Huber's function.

    Huber's is r^2 / 2 where |r| <= delta, else delta |r| - delta^2 / 2. The
    gradient in u is A' h'(A u - x), with h'(r) = r, clipped to [-delta,
    delta]; its Lipschitz constant is ||A||_2^2 for both.

    Parameters
    ----------
    A, x : ndarrays, or Tensors on one device
        Shapes (n_dim, n_coefs) and (n_samples, n_dim).
    delta : ndarray, shape (n_samples,), or None for r^2 / 2
    """

    def __init__(self, A, x, delta=None):
        super().__init__(A, x)
        if delta is not None:
            delta = delta[:, None]
            if not self.is_numpy:
                delta = torch.as_tensor(delta, dtype=x.dtype, device=x.device)
        self.delta = delta

    def derivative(self, residual, rows=slice(None)):
        """h' of the residuals A u - x of some of the samples."""
        if self.delta is None:
            return residual
        return residual.clip(-self.delta[rows], self.delta[rows])

    def cost(self, residual, rows=slice(None)):
        """The data fit of each of these samples, from their residuals."""
        slope = self.derivative(residual, rows)
        return (slope * (residual - slope / 2)).sum(1)

    def grad(self, u):
        """A' h'(A u - x), (n_samples, n_coefs)."""
        if self.delta is None:
            return super().grad(u)
        return self.derivative(u @ self.A.T - self.x) @ self.A


def diff(u):
    """nabla u, the differences u_{j+1} - u_j of each row."""
    return u[:, 1:] - u[:, :-1]


def diff_adjoint(v):
    """nabla' v, (n_samples, n_times), of v (n_samples, n_times - 1)."""
    stack = np.hstack if isinstance(v, np.ndarray) else torch.hstack
    zero = v[:, :1] * 0
    return -diff(stack([zero, v, zero]))


def diff_norm2(n_times):
    """||nabla||_2^2 = 2 + 2 cos(pi / n_times), which is below 4."""
    return 2 + 2 * math.cos(math.pi / n_times)


def condat_vu_steps(L, n_times, ratio):
    """The steps tau of u, and sigma of nabla u, of Condat-Vu.

    1/tau - sigma ||nabla||^2 is to be greater than L/2 for the iterates to
    converge without under-relaxation; it is so by 1 % of 1/tau.

    Parameters
    ----------
    L : float
        Lipschitz constant of the gradient of the data fit.
    n_times : int
    ratio : float, > 0
        sigma ||nabla||^2 over L/2.
    """
    tau = 0.99 * 2 / (L * (1 + ratio))
    return tau, ratio * L / (2 * diff_norm2(n_times))


def loses_constants(name, A):
    """Why the u-step of an ADMM of that name is singular, or None.

    It is where the image of the constant 1, whose square stands beside
    ||A||^2 in A'A, is lost there.
    """
    if np.linalg.norm(A.sum(axis=1)) >= 1e-6 * np.linalg.norm(A):
        return None
    return (f"{name} needs an A that does not send constants to zero, up to "
            "1e-6 of its norm: its u-step would be singular")
