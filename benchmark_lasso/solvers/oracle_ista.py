import numpy as np
from benchopt import BaseSolver

from unrolling.bench.criteria import GapCriterion
from unrolling.lasso import lipschitz, support_lipschitz
from unrolling.prox import soft_threshold


class Solver(BaseSolver):
    """ISTA with the step 1/L_S, L_S = ||D_S||_2^2 on the support S of z.

    The step is kept where the new support lies in S, and is 1/L elsewhere.
    Few iterations, but each needs a singular value decomposition per sample
    whose support has changed: an oracle, not a practical method. P. Ablin et
    al., Learning step sizes for unfolded sparse coding, NeurIPS 2019,
    arXiv:1905.11071, algorithm 1.
    """

    name = "Oracle-ISTA"
    stopping_criterion = GapCriterion(strategy="callback", max_time=4.0)

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x, self.lmbd = D, x, lmbd

    def run(self, cb):
        D, x, lmbd = self.D, self.x, self.lmbd
        L = lipschitz(D)
        self.z = np.zeros((len(x), D.shape[1]))
        support = self.z != 0
        L_S = np.full((len(x), 1), L)
        while cb():
            changed = ((self.z != 0) != support).any(axis=1)
            support = self.z != 0
            L_S[changed, 0] = support_lipschitz(D, self.z[changed])
            L_S[L_S == 0] = L
            grad = (self.z @ D.T - x) @ D
            y = soft_threshold(self.z - grad / L_S, lmbd / L_S)
            leaves = ((y != 0) & ~support).any(axis=1)
            y[leaves] = soft_threshold(
                self.z[leaves] - grad[leaves] / L, lmbd / L)
            self.z = y

    def get_result(self):
        return {"z": self.z}
