from benchmark_utils.tv import IterativeSolver

from unrolling.linear import lipschitz
from unrolling.momentum import Momentum
from unrolling.prox import prox_tv


class Solver(IterativeSolver):
    """Accelerated PGD, with adaptive restart of each sample's momentum.

    FISTA with the exact prox of the total variation: A. Beck and M. Teboulle,
    A fast iterative shrinkage-thresholding algorithm for linear inverse
    problems, SIAM J. Imaging Sci. 2(1), 2009, doi:10.1137/080716542. Restart
    (gradient scheme): B. O'Donoghue and E. Candes, Adaptive restart for
    accelerated gradient schemes, Found. Comput. Math. 15, 2015,
    arXiv:1204.3982.
    """

    name = "APGD"
    parameters = {
        "restart": [True, False], "backend": ["numpy"], "device": ["cpu"],
    }

    def iterates(self, A, x, u, lmbd):
        fit, step = self.data_fit(A, x), 1 / lipschitz(A)
        y, momentum = u, Momentum(u, self.restart)
        while True:
            yield u
            u = prox_tv(y - step * fit.grad(y), step * lmbd)
            y = momentum(y, u)
