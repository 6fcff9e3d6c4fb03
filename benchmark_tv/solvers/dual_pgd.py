from functools import partial

import numpy as np
from benchmark_utils.tv import (
    IterativeSolver,
    diff,
    diff_adjoint,
    diff_norm2,
)

from unrolling.linear import is_identity
from unrolling.momentum import Momentum

WORST = 1e6
"""Greatest condition number of A that the method is run on."""


class Solver(IterativeSolver):
    """Proximal gradient on the dual, for A of full column rank.

    With H = (A'A)^-1, u(v) = H (A'x - nabla'v) and v <- clip(v + nabla u(v)
    / ||nabla H nabla'||, -lmbd, lmbd); with momentum, restarted or not, or
    without. A. Beck and M. Teboulle, Fast gradient-based algorithms for
    constrained total variation image denoising and deblurring problems, IEEE
    Trans. Image Process. 18(11), 2009, doi:10.1109/TIP.2009.2028250, whose
    momentum is not restarted; restart: B. O'Donoghue and E. Candes, Found.
    Comput. Math. 15, 2015, arXiv:1204.3982.
    """

    name = "Dual-PGD"
    parameters = {"accelerated, restart": [
        (True, True), (True, False), (False, False)]}
    test_config = {"dataset": {"name": "Denoising"}}
    quadratic_only = True

    def refusal(self, A, **problem):
        n_dim, n_times = A.shape
        if n_dim < n_times:
            return (f"{self.name} needs an A of full column rank, got "
                    f"{n_dim} rows for {n_times} columns")
        if np.linalg.cond(A) > WORST:
            return (
                f"{self.name} needs an A with a condition number of at most "
                f"{WORST:g}, got {np.linalg.cond(A):.3g}")
        return super().refusal(**problem)

    def iterates(self, A, x, u, lmbd):
        c, norm2, H = x @ A, diff_norm2(u.shape[1]), None
        if not is_identity(A):
            H = np.linalg.inv(A.T @ A)
            norm2 = np.linalg.norm(diff(diff(H).T), ord=2)

        def primal(v):
            b = c - diff_adjoint(v)
            return b if H is None else b @ H

        v = y = 0 * diff(u)
        momentum = Momentum(v, self.restart)
        yield u
        while True:
            v = (y + diff(primal(y)) / norm2).clip(-lmbd, lmbd)
            y = momentum(y, v) if self.accelerated else v
            yield partial(primal, v)
