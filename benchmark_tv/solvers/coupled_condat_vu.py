from benchmark_utils.learned_tv import PrimalDualNetwork, PrimalDualSolver


class CoupledCondatVu(PrimalDualNetwork):
    """Condat-Vu with W_t'(Au - x) in the place of A'(Au - x), and dual
    variables that are clipped to [-b_t, b_t]; W_t, b_t and the steps are
    learned."""

    def init_layer(self, t):
        return super().init_layer(t) | {"threshold": self.lmbd, "W": self.A}

    def layer(self, point, step, sigma, threshold, W):
        return self.primal_dual_step(
            point, self.residual(point[0]) @ W, step, sigma, threshold)


class Solver(PrimalDualSolver):
    """Coupled-Condat-Vu: Condat-Vu with a learned matrix in each layer.

    H. Cherkaoui, J. Sulam and T. Moreau, Learning to solve TV regularised
    problems with unrolled algorithms, NeurIPS 2020, arXiv:2010.09545, in
    whose package it is.
    """

    name = "Coupled-Condat-Vu"
    network = CoupledCondatVu
