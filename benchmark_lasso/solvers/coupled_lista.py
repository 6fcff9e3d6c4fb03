from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork
from unrolling.lasso.steps import proximal_step


class CoupledLISTA(LassoNetwork):
    """z <- ST(z - a_t (Dz - x)'W_t, a_t b_t), with learned a_t, W_t, b_t."""

    def init_layer(self, t):
        n_atoms = self.D.shape[1]
        return {"step": 1 / self.L, "W": self.D,
                "threshold": [self.lmbd] * n_atoms}

    def layer(self, z, step, W, threshold):
        return proximal_step(
            z, self.residual(z) @ W, step, step * threshold)

    def dictionary(self, step, W, threshold):
        return W * (self.lmbd / threshold)


class Solver(UnrolledSolver):
    """LISTA with coupled weights, W_z = I - W_x D: one matrix a layer.

    The matrix is trained after the steps. X. Chen, J. Liu, Z. Wang and W.
    Yin, Theoretical linear convergence of unfolded ISTA and its practical
    weights and thresholds, NeurIPS 2018, arXiv:1808.10038.
    """

    name = "Coupled-LISTA"
    network = CoupledLISTA
