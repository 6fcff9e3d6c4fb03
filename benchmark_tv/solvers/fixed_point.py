from itertools import cycle

import numpy as np
from benchmark_utils.synthesis import cumulate, jumps, thresholds
from benchmark_utils.tv import DataFit, IterativeSolver

from unrolling.linear import lipschitz
from unrolling.prox import soft_threshold


class Solver(IterativeSolver):
    """Fixed points by block updates, on the jumps z of u = L z.

    The rows of A L form blocks; T_b is a gradient step on the data fit of
    block b, and z a fixed point of the prox after the mean of all T_b. An
    iteration computes T_b(z) for one block and remembers the others'. The
    step of the mean is 1.9 over the number of blocks and their largest ||A_b
    L||^2; below 2, each T_b is averaged. P. L. Combettes and L. E. Glaudin,
    Solving composite fixed point problems with block updates, Adv. Nonlinear
    Anal. 10(1), 2021, doi:10.1515/anona-2020-0173.
    """

    name = "Fixed-point"
    parameters = {"n_blocks": [4]}

    def iterates(self, A, x, u, lmbd):
        B, z = cumulate(A), jumps(u)
        rows = np.array_split(np.arange(len(B)), min(self.n_blocks, len(B)))
        fits = [DataFit(B[r], x[:, r], self.delta) for r in rows]
        step = 1.9 / max(lipschitz(fit.A) for fit in fits)
        t = step / len(fits) * thresholds(u.shape[1], lmbd)
        images = [z - step * fit.grad(z) for fit in fits]
        yield u
        for b in cycle(range(len(fits))):
            z = soft_threshold(sum(images) / len(fits), t)
            yield z.cumsum(axis=1)
            images[b] = z - step * fits[b].grad(z)
