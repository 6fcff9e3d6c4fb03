from itertools import count

from benchmark_utils.tv import IterativeSolver

from unrolling.linear import lipschitz
from unrolling.prox import prox_tv
from unrolling.silver import silver_step


class Solver(IterativeSolver):
    """PGD with the silver steps, accelerated without momentum.

    The steps are `unrolling.silver.silver_step(t)` / L. The rate is that of
    the iterations 2^k - 1: the iterate that follows a long step, the 16th,
    32nd or 64th, can be several times worse than the one before, where the
    gap is small. J. Bok and J. M. Altschuler, Accelerating proximal gradient
    descent via silver stepsizes, 2024, arXiv:2412.05497.
    """

    name = "Silver-PGD"
    parameters = {"backend": ["numpy"], "device": ["cpu"]}

    def iterates(self, A, x, u, lmbd):
        fit, L = self.data_fit(A, x), lipschitz(A)
        for t in count(1):
            yield u
            step = silver_step(t) / L
            u = prox_tv(u - step * fit.grad(u), step * lmbd)
