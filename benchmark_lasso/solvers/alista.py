import torch

from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork
from unrolling.lasso.steps import proximal_step


class ALISTA(LassoNetwork):
    """z <- ST(z - a_t (Dz - x)'W, b_t), with learned a_t and b_t.

    W is analytic: it minimises ||W'D||_F subject to w_j'd_j = 1, so column j
    is (DD')^+ d_j scaled to w_j'd_j = 1 (Liu et al. descend the
    gradient, but the problem is separable and has this closed form).
    """

    unrolls = None

    def __init__(self, D, lmbd):
        super().__init__(D, lmbd)
        W = torch.linalg.pinv(self.D @ self.D.T, hermitian=True) @ self.D
        self.W = W / (W * self.D).sum(dim=0)
        self.step = 1 / torch.linalg.matrix_norm(
            self.D.T @ self.W, ord=2).item()

    def init_layer(self, t):
        return {"step": self.step, "threshold": self.step * self.lmbd}

    def layer(self, z, step, threshold):
        return proximal_step(
            z, self.residual(z) @ self.W, step, threshold)


class Solver(UnrolledSolver):
    """ALISTA: analytic weights, a learned step and threshold per layer.

    J. Liu, X. Chen, Z. Wang and W. Yin, ALISTA: analytic weights are as good
    as learned weights in LISTA, ICLR 2019.
    """

    name = "ALISTA"
    network = ALISTA
