from benchmark_utils.learned_tv import LearnedSolver, SynthesisNetwork


class LISTANetwork(SynthesisNetwork):
    """z <- ST(z - a_t (W_z z - W_x x), a_t b_t), all with learned values."""

    def init_layer(self, t):
        return {"step": 1 / self.L, "W_z": self.B.T @ self.B, "W_x": self.B,
                "threshold": self.lmbd}

    def layer(self, point, step, W_z, W_x, threshold):
        _, z = point
        return self.shrink(
            z - step * (z @ W_z - self.x @ W_x), step * threshold)


class Solver(LearnedSolver):
    """LISTA on the jumps: two learned matrices a layer.

    K. Gregor and Y. LeCun, Learning fast approximations of sparse coding,
    ICML 2010.
    """

    name = "Synthesis-LISTA"
    network = LISTANetwork
