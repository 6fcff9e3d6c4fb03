import numpy as np
from benchmark_utils.alternation import AlternatingSolver

from unrolling.lasso import lipschitz
from unrolling.lasso.steps import ProximalGradient


class Solver(AlternatingSolver):
    """Z-step: accelerated ISTA, from zero or from the last codes.

    A. Beck and M. Teboulle, A fast iterative shrinkage-thresholding algorithm
    for linear inverse problems, SIAM J. Imaging Sci. 2(1), 2009,
    doi:10.1137/080716542. No restart: there are few iterations.
    """

    name = "FISTA"
    parameters = {"n_iter": [20], "warm_start": [False, True]}
    test_config = {"n_iter": 3}

    def codes(self, D, z):
        step = 1 / lipschitz(D)
        proximal_gradient = ProximalGradient(D, self.x, self.lmbd)
        z = y = z if self.warm_start else np.zeros_like(z)
        t = 1.0
        for _ in range(self.n_iter):
            z_old, z = z, proximal_gradient(y, step)
            t_old, t = t, (1 + (1 + 4 * t**2) ** 0.5) / 2
            y = z + (t_old - 1) / t * (z - z_old)
        return z
