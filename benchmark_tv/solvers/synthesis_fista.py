from benchmark_utils.synthesis import cumulate, jumps, thresholds
from benchmark_utils.tv import IterativeSolver

from unrolling.lasso.steps import proximal_step
from unrolling.linear import lipschitz
from unrolling.momentum import Momentum


class Solver(IterativeSolver):
    """FISTA on the jumps z of u = L z, with adaptive restart.

    A. Beck and M. Teboulle, A fast iterative shrinkage-thresholding algorithm
    for linear inverse problems, SIAM J. Imaging Sci. 2(1), 2009,
    doi:10.1137/080716542. Restart (gradient scheme): B. O'Donoghue and E.
    Candes, Found. Comput. Math. 15, 2015, arXiv:1204.3982.
    """

    name = "Synthesis-FISTA"
    parameters = {"restart": [True]}

    def iterates(self, A, x, u, lmbd):
        B, z = cumulate(A), jumps(u)
        fit, step = self.data_fit(B, x), 1 / lipschitz(B)
        t = step * thresholds(u.shape[1], lmbd)
        y, momentum = z, Momentum(z, self.restart)
        while True:
            yield z.cumsum(axis=1)
            z = proximal_step(y, fit.grad(y), step, t)
            y = momentum(y, z)
