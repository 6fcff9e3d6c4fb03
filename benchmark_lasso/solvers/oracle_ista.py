import numpy as np
from benchmark_utils.classical import IterativeSolver

from unrolling.lasso import lipschitz, support_lipschitz
from unrolling.options import POSITIVE
from unrolling.prox import soft_threshold


class Solver(IterativeSolver):
    """ISTA with the step 1/L_S, L_S = ||D_S||_2^2 on the support S of z.

    The step is kept where the new support lies in S, and is 1/L elsewhere.
    Few iterations, but each needs a singular value decomposition per sample
    whose support has changed: an oracle, not a practical method. P. Ablin et
    al., Learning step sizes for unfolded sparse coding, NeurIPS 2019,
    arXiv:1905.11071, algorithm 1. It ends after `max_time` seconds at the
    latest.
    """

    name = "Oracle-ISTA"
    parameters = {"max_time": [4.0]}
    ranges = {"max_time": POSITIVE}

    def iterates(self, D, x, lmbd):
        L = lipschitz(D)
        z = np.zeros((len(x), D.shape[1]))
        support, L_S = z != 0, np.full((len(x), 1), L)
        while True:
            yield z
            changed = ((z != 0) != support).any(axis=1)
            support = z != 0
            L_S[changed, 0] = support_lipschitz(D, z[changed])
            L_S[L_S == 0] = L
            grad = (z @ D.T - x) @ D
            y = soft_threshold(z - grad / L_S, lmbd / L_S)
            leaves = ((y != 0) & ~support).any(axis=1)
            y[leaves] = soft_threshold(
                z[leaves] - grad[leaves] / L, lmbd / L)
            z = y
