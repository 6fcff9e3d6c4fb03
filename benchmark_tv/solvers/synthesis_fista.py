from benchmark_utils.synthesis import SynthesisSolver

from unrolling.lasso.steps import proximal_step
from unrolling.linear import lipschitz
from unrolling.momentum import Momentum


class Solver(SynthesisSolver):
    """FISTA on the jumps z of u = L z, with adaptive restart.

    The constant is kept or projected out, as in Synthesis-ISTA. A. Beck and
    M. Teboulle, A fast iterative shrinkage-thresholding algorithm for linear
    inverse problems, SIAM J. Imaging Sci. 2(1), 2009,
    doi:10.1137/080716542. Restart (gradient scheme): B. O'Donoghue and E.
    Candes, Found. Comput. Math. 15, 2015, arXiv:1204.3982.
    """

    name = "Synthesis-FISTA"
    parameters = {"projected": [False, True], "restart": [True]}

    def codes(self, D, y, z, lmbd):
        fit, step = self.data_fit(D, y), 1 / lipschitz(D)
        v, momentum = z, Momentum(z, self.restart)
        while True:
            yield z
            z = proximal_step(v, fit.grad(v), step, step * lmbd)
            v = momentum(v, z)
