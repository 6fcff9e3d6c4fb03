from benchmark_utils.classical import IterativeSolver

from unrolling.lasso.steps import proximal_step
from unrolling.linear import LeastSquares, lipschitz
from unrolling.momentum import Momentum


class Solver(IterativeSolver):
    """Accelerated ISTA, with adaptive restart of each sample's momentum.

    A. Beck and M. Teboulle, A fast iterative shrinkage-thresholding algorithm
    for linear inverse problems, SIAM J. Imaging Sci. 2(1), 2009,
    doi:10.1137/080716542. Restart (gradient scheme): B. O'Donoghue and E.
    Candes, Adaptive restart for accelerated gradient schemes, Found. Comput.
    Math. 15, 2015, arXiv:1204.3982.
    """

    name = "FISTA"
    parameters = {
        "restart": [True, False], "backend": ["numpy"], "device": ["cpu"],
    }

    def iterates(self, D, x, lmbd):
        fit, step = LeastSquares(D, x), 1 / lipschitz(D)
        z = y = fit.zeros()
        momentum = Momentum(z, self.restart)
        while True:
            yield z
            z = proximal_step(y, fit.grad(y), step, step * lmbd)
            y = momentum(y, z)
