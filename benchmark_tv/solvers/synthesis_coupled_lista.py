from benchmark_utils.learned_tv import LearnedSolver, SynthesisNetwork


class CoupledNetwork(SynthesisNetwork):
    """z <- ST(z - a_t W_t'(Au - x), a_t b_t), with learned a_t, W_t, b_t."""

    def init_layer(self, t):
        return {"step": 1 / self.L, "W": self.B, "threshold": self.lmbd}

    def layer(self, point, step, W, threshold):
        u, z = point
        return self.shrink(
            z - step * (self.residual(u) @ W), step * threshold)


class Solver(LearnedSolver):
    """LISTA with coupled weights on the jumps: one matrix a layer.

    The synthesis network of H. Cherkaoui, J. Sulam and T. Moreau, Learning to
    solve TV regularised problems with unrolled algorithms, NeurIPS 2020,
    arXiv:2010.09545, is the same without a step: it learns a_t W_t and b_t.
    """

    name = "Synthesis-Coupled-LISTA"
    network = CoupledNetwork
