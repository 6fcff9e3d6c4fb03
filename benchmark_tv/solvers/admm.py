import numpy as np
from benchmark_utils.tv import (
    IterativeSolver,
    diff,
    diff_adjoint,
    keeps_constants,
)
from scipy.linalg import eigh

from unrolling.linear import lipschitz
from unrolling.prox import soft_threshold


class Solver(IterativeSolver):
    """ADMM on 1/2 ||x - A u||^2 + lmbd ||w||_1 subject to w = nabla u.

    The penalty is rho L; adaptive, each sample's is doubled or halved where
    one of its residuals is ten times the other. A'A + rho nabla'nabla is
    inverted for any rho from one generalised eigendecomposition. S. Boyd et
    al., Distributed optimization and statistical learning via the alternating
    direction method of multipliers, Found. Trends Mach. Learn. 3(1), 2011,
    doi:10.1561/2200000016, sections 3.4.1 and 6.4, over-relaxed.
    """

    name = "ADMM"
    parameters = {
        "adaptive, rho": [(False, 10.0), (True, 1.0)], "relaxation": [1.6]}
    quadratic_only = True

    def skip(self, A, **problem):
        if not keeps_constants(A):
            return True, (f"{self.name} needs an A that does not send "
                          "constants to zero: its u-step would be singular")
        return super().skip(**problem)

    def iterates(self, A, x, u, lmbd):
        n_times, alpha, c = u.shape[1], self.relaxation, x @ A
        rho_0 = self.rho * lipschitz(A)
        laplacian = diff_adjoint(diff(np.eye(n_times)))
        # V' M V = I and V' laplacian V = diag(s), M = A'A + rho_0 laplacian
        s, V = eigh(laplacian, A.T @ A + rho_0 * laplacian)
        rho = np.full((len(x), 1), rho_0)
        w = diff(u)
        dual = 0 * w
        while True:
            yield u
            b = c + rho * diff_adjoint(w - dual)
            u = (b @ V / (1 + (rho - rho_0) * s)) @ V.T
            v = alpha * diff(u) + (1 - alpha) * w
            w_old, w = w, soft_threshold(v + dual, lmbd / rho)
            dual = dual + v - w
            if self.adaptive:
                primal = norms(diff(u) - w)
                factor = balance(primal, rho * norms(diff_adjoint(w - w_old)))
                rho, dual = rho * factor, dual / factor


def norms(v):
    """||v|| of each row, (n_samples, 1)."""
    return np.linalg.norm(v, axis=1, keepdims=True)


def balance(primal, dual):
    """2, 1 or 1/2: what the penalty of each sample is multiplied by."""
    return np.where(primal > 10 * dual, 2.0,
                    np.where(dual > 10 * primal, 0.5, 1.0))
