from itertools import count

import numpy as np
from benchmark_utils.tv import IterativeSolver, diff, diff_adjoint

from unrolling.linear import lipschitz


class Solver(IterativeSolver):
    """Subgradient descent: no prox, steps 1/(L sqrt t), slow.

    N. Z. Shor, Minimization methods for non-differentiable functions,
    Springer, 1985, doi:10.1007/978-3-642-82118-9; the steps are those for
    which the rate is O(log t / sqrt t).
    """

    name = "Subgradient"

    def iterates(self, A, x, u, lmbd):
        fit, L = self.data_fit(A, x), lipschitz(A)
        for t in count(1):
            yield u
            subgradient = fit.grad(u) + lmbd * diff_adjoint(np.sign(diff(u)))
            u = u - subgradient / (L * t**0.5)
