from itertools import count

from benchmark_utils.tv import IterativeSolver

from unrolling.linear import lipschitz
from unrolling.prox import prox_tv


class Solver(IterativeSolver):
    """PGD with the silver steps, accelerated without momentum.

    The step of iteration t = 1, 2, ... is (1 + (1 + sqrt 2)^(k - 1)) / L,
    with 2^k the largest power of 2 that divides t: rare long steps, after
    which the cost is high for a while; the rate is that of the iterations
    2^k - 1. J. Bok and J. M. Altschuler, Accelerating proximal gradient
    descent via silver stepsizes, 2024, arXiv:2412.05497.
    """

    name = "Silver-PGD"
    parameters = {"backend": ["numpy"], "device": ["cpu"]}

    def iterates(self, A, x, u, lmbd):
        fit, L, silver = self.data_fit(A, x), lipschitz(A), 1 + 2**0.5
        for t in count(1):
            yield u
            k = (t & -t).bit_length() - 1
            step = (1 + silver ** (k - 1)) / L
            u = prox_tv(u - step * fit.grad(u), step * lmbd)
