import numpy as np
from benchmark_utils.synthesis import cumulate, jumps, thresholds
from benchmark_utils.tv import DataFit, IterativeSolver

from unrolling.linear import lipschitz
from unrolling.options import COUNT
from unrolling.prox import soft_threshold


class Solver(IterativeSolver):
    """Fixed points by block updates, on the jumps z of u = L z.

    The rows of A L form blocks; T_b is a gradient step on the data fit of
    block b, and z a fixed point of the prox after the mean of all T_b. An
    update computes T_b(z) for one block, remembers the others', and takes the
    prox; an iteration is one of each block, so that it costs a pass over A as
    those of other methods do. The step of the mean is 1.9 over the number of
    blocks and their largest ||A_b L||^2; below 2, each T_b is averaged. P. L.
    Combettes and L. E. Glaudin, Solving composite fixed point problems with
    block updates, Adv. Nonlinear Anal. 10(1), 2021,
    doi:10.1515/anona-2020-0173.
    """

    name = "Fixed-point"
    parameters = {"n_blocks": [4]}
    ranges = {"n_blocks": COUNT}

    def iterates(self, A, x, u, lmbd):
        B, z = cumulate(A), jumps(u)
        rows = np.array_split(np.arange(len(B)), min(self.n_blocks, len(B)))
        fits = [DataFit(B[r], x[:, r], self.delta) for r in rows]
        step = 1.9 / max(lipschitz(fit.A) for fit in fits)
        t = step / len(fits) * thresholds(u.shape[1], lmbd)
        yield u
        images = [z - step * fit.grad(z) for fit in fits]
        z = soft_threshold(sum(images) / len(fits), t)
        while True:
            yield z.cumsum(axis=1)
            for b, fit in enumerate(fits):
                images[b] = z - step * fit.grad(z)
                z = soft_threshold(sum(images) / len(fits), t)
