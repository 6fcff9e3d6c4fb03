from benchmark_utils.learned_tv import LearnedSolver, gradient_step

from unrolling.tv.network import TVNetwork


class LPGDTaut(TVNetwork):
    """u <- prox_tv(V_t u + U_t x, lmbd / L), with learned V_t and U_t."""

    def init_layer(self, t):
        return gradient_step(self.A, self.L)

    def layer(self, u, V, U):
        return self.prox(u @ V.T + self.x @ U.T, self.lmbd / self.L)


class Solver(LearnedSolver):
    """LPGD-Taut: PGD with two learned matrices a layer, and the exact prox.

    H. Cherkaoui, J. Sulam and T. Moreau, Learning to solve TV regularised
    problems with unrolled algorithms, NeurIPS 2020, arXiv:2010.09545. The
    prox is differentiated exactly here; the authors' derivative is wrong.
    """

    name = "LPGD-Taut"
    network = LPGDTaut
