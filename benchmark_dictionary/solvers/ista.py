import numpy as np
from benchmark_utils.alternation import AlternatingSolver

from unrolling.lasso import lipschitz
from unrolling.lasso.steps import ProximalGradient


class Solver(AlternatingSolver):
    """Z-step: iterative soft-thresholding, from zero or from the last codes.

    I. Daubechies, M. Defrise and C. De Mol, An iterative thresholding
    algorithm for linear inverse problems with a sparsity constraint, Comm.
    Pure Appl. Math. 57(11), 2004, doi:10.1002/cpa.20042.
    """

    name = "ISTA"
    parameters = {"n_iter": [20], "warm_start": [False, True]}
    test_config = {"n_iter": 3}

    def codes(self, D, z):
        step = 1 / lipschitz(D)
        proximal_gradient = ProximalGradient(D, self.x, self.lmbd)
        z = z if self.warm_start else np.zeros_like(z)
        for _ in range(self.n_iter):
            z = proximal_gradient(z, step)
        return z
