from benchmark_utils.alternation import AlternatingSolver

from unrolling.lasso.steps import proximal_step
from unrolling.linear import LeastSquares, lipschitz
from unrolling.options import COUNT


class Solver(AlternatingSolver):
    """Z-step: iterative soft-thresholding, from zero or from the last codes.

    I. Daubechies, M. Defrise and C. De Mol, An iterative thresholding
    algorithm for linear inverse problems with a sparsity constraint, Comm.
    Pure Appl. Math. 57(11), 2004, doi:10.1002/cpa.20042.
    """

    name = "ISTA"
    parameters = {"n_iter": [20], "warm_start": [False, True]}
    ranges = {"n_iter": COUNT}
    test_config = {"n_iter": 3}

    def codes(self, D, z):
        fit, step = LeastSquares(D, self.x), 1 / lipschitz(D)
        z = z.copy() if self.warm_start else fit.zeros()
        for _ in range(self.n_iter):
            z = proximal_step(
                z, fit.grad(z), step, step * self.lmbd, out=z)
        return z
