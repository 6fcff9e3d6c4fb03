from benchmark_utils.classical import IterativeSolver

from unrolling.lasso.steps import proximal_step
from unrolling.linear import LeastSquares, lipschitz


class Solver(IterativeSolver):
    """Iterative soft-thresholding, z <- ST(z - D'(Dz - x)/L, lmbd/L).

    I. Daubechies, M. Defrise and C. De Mol, An iterative thresholding
    algorithm for linear inverse problems with a sparsity constraint, Comm.
    Pure Appl. Math. 57(11), 2004, doi:10.1002/cpa.20042.
    """

    name = "ISTA"
    parameters = {"backend": ["numpy"], "device": ["cpu"]}

    def iterates(self, D, x, lmbd):
        fit, step = LeastSquares(D, x), 1 / lipschitz(D)
        z = fit.zeros()
        while True:
            yield z
            z = proximal_step(z, fit.grad(z), step, step * lmbd, out=z)
