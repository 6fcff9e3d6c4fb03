import numpy as np
from benchmark_utils.synthesis import admm_penalty
from benchmark_utils.tv import (
    IterativeSolver,
    diff,
    diff_adjoint,
    loses_constants,
)
from scipy.linalg import eigh

from unrolling.options import POSITIVE, RELAXATION
from unrolling.prox import soft_threshold

MOST = 1e4
"""The penalty changes by this factor at most: where nothing jumps the dual
residual is zero whatever it is, and an infinite one would drown the data."""


class Solver(IterativeSolver):
    """ADMM on 1/2 ||x - A u||^2 + lmbd ||w||_1 subject to w = nabla u.

    The penalty is rho lmbd ||D||^2, with D the columns of the Lasso of the
    jumps; adaptive, each sample's is doubled or halved where one of its
    residuals, in the unit of A'x, is ten times the other, up to MOST times.
    A'A + rho nabla'nabla is inverted once for a fixed rho, and for any rho
    from one generalised eigendecomposition, which takes longer, as do products
    with it. S. Boyd et al., Distributed optimization and statistical learning
    via the alternating direction method of multipliers, Found. Trends Mach.
    Learn. 3(1), 2011, doi:10.1561/2200000016, sections 3.4.1 and 6.4,
    over-relaxed.
    """

    name = "ADMM"
    parameters = {
        "adaptive": [False, True], "rho": [0.1], "relaxation": [1.6]}
    ranges = {"rho": POSITIVE, "relaxation": RELAXATION}
    quadratic_only = True

    def refusal(self, A, **problem):
        return loses_constants(self.name, A) or super().refusal(**problem)

    def iterates(self, A, x, u, lmbd):
        alpha, c = self.relaxation, x @ A
        rho = first = admm_penalty(A, lmbd, self.rho)
        inverse_of = inverse_of_any if self.adaptive else inverse_of_one
        solve = inverse_of(A, rho)
        w = diff(u)
        dual = 0 * w
        while True:
            yield u
            u = solve(c + rho * diff_adjoint(w - dual), rho)
            v = alpha * diff(u) + (1 - alpha) * w
            w_old, w = w, soft_threshold(v + dual, lmbd / rho)
            dual = dual + v - w
            if self.adaptive:
                factor = balance(first * norms(diff(u) - w),
                                 rho * norms(diff_adjoint(w - w_old)))
                old, rho = rho, np.clip(
                    rho * factor, first / MOST, first * MOST)
                dual = dual * (old / rho)


def inverse_of_one(A, rho):
    """b, rho -> (A'A + rho nabla'nabla)^-1 b of each row b, for this rho."""
    inverse = np.linalg.inv(A.T @ A + rho * laplacian(A.shape[1]))
    return lambda b, _: b @ inverse


def inverse_of_any(A, rho_0):
    """The same for any rho, a number or (n_samples, 1), near rho_0 or not."""
    # V' M V = I and V' nabla'nabla V = diag(s), M = A'A + rho_0 nabla'nabla
    s, V = eigh(laplacian(A.shape[1]),
                A.T @ A + rho_0 * laplacian(A.shape[1]))
    return lambda b, rho: (b @ V / (1 + (rho - rho_0) * s)) @ V.T


def laplacian(n_times):
    """nabla'nabla, (n_times, n_times)."""
    return diff_adjoint(diff(np.eye(n_times)))


def norms(v):
    """||v|| of each row, (n_samples, 1)."""
    return np.linalg.norm(v, axis=1, keepdims=True)


def balance(primal, dual):
    """2, 1 or 1/2: what the penalty of each sample is multiplied by."""
    return np.where(primal > 10 * dual, 2.0,
                    np.where(dual > 10 * primal, 0.5, 1.0))
