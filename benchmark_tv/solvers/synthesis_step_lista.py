from benchmark_utils.learned_tv import LearnedSolver, SynthesisNetwork


class StepNetwork(SynthesisNetwork):
    """z <- ST(z - a_t B'(Au - x), a_t lmbd), B = AL, with learned steps."""

    def init_layer(self, t):
        return {"step": 1 / self.L}

    def layer(self, point, step):
        u, z = point
        return self.shrink(
            z - step * (self.residual(u) @ self.B), step * self.lmbd)


class Solver(LearnedSolver):
    """Step-LISTA on the jumps: ISTA with learned steps.

    P. Ablin, T. Moreau, M. Massias and A. Gramfort, Learning step sizes for
    unfolded sparse coding, NeurIPS 2019, arXiv:1905.11071.
    """

    name = "Synthesis-Step-LISTA"
    network = StepNetwork
