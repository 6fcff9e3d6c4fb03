from benchmark_utils.alternation import AlternatingSolver

from unrolling.lasso.steps import proximal_step
from unrolling.linear import LeastSquares, lipschitz
from unrolling.momentum import Momentum
from unrolling.options import COUNT


class Solver(AlternatingSolver):
    """Z-step: accelerated ISTA, from zero or from the last codes.

    A. Beck and M. Teboulle, A fast iterative shrinkage-thresholding algorithm
    for linear inverse problems, SIAM J. Imaging Sci. 2(1), 2009,
    doi:10.1137/080716542. No restart: there are few iterations.
    """

    name = "FISTA"
    parameters = {"n_iter": [20], "warm_start": [False, True]}
    ranges = {"n_iter": COUNT}
    test_config = {"n_iter": 3}

    def codes(self, D, z):
        fit, step = LeastSquares(D, self.x), 1 / lipschitz(D)
        z = y = z if self.warm_start else fit.zeros()
        momentum = Momentum(z, restart=False)
        for _ in range(self.n_iter):
            z = proximal_step(y, fit.grad(y), step, step * self.lmbd)
            y = momentum(y, z)
        return z
