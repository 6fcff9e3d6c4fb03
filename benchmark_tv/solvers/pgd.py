from benchmark_utils.tv import IterativeSolver

from unrolling.linear import lipschitz
from unrolling.prox import prox_tv


class Solver(IterativeSolver):
    """Proximal gradient, u <- prox_tv(u - A'h'(Au - x)/L, lmbd/L).

    The analysis form, whose prox is exact. P. L. Combettes and V. R. Wajs,
    Signal recovery by proximal forward-backward splitting, Multiscale Model.
    Simul. 4(4), 2005, doi:10.1137/050626090.
    """

    name = "PGD"
    parameters = {"backend": ["numpy"], "device": ["cpu"]}

    def iterates(self, A, x, u, lmbd):
        fit, step = self.data_fit(A, x), 1 / lipschitz(A)
        while True:
            yield u
            u = prox_tv(u - step * fit.grad(u), step * lmbd)
