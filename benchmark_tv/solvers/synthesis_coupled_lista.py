from benchmark_utils.learned_tv import LearnedSolver, SynthesisNetwork


class CoupledNetwork(SynthesisNetwork):
    """z <- ST(z - W_t'(Au - x), b_t), with learned W_t and b_t."""

    def init_layer(self, t):
        return {"W": self.B / self.L, "threshold": self.lmbd / self.L}

    def layer(self, point, W, threshold):
        u, z = point
        return self.shrink(z - self.residual(u) @ W, threshold)


class Solver(LearnedSolver):
    """LISTA with coupled weights on the jumps: one matrix a layer.

    The synthesis network of H. Cherkaoui, J. Sulam and T. Moreau, Learning to
    solve TV regularised problems with unrolled algorithms, NeurIPS 2020,
    arXiv:2010.09545.
    """

    name = "Synthesis-Coupled-LISTA"
    network = CoupledNetwork
