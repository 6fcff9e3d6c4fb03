import torch

from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork
from unrolling.lasso.steps import proximal_step


class LearnedFISTA(LassoNetwork):
    """y = z + m_t (z - z_old), z <- ST(y - a_t D'(Dy - x), a_t lmbd).

    Learned are the steps a_t, and from the second layer on the momenta m_t,
    which are free to leave [0, 1). A point is (z, z_old, Dz_old - x): the
    residual of y needs no product of its own.
    """

    unrolls = "FISTA[restart=False]"

    def start(self):
        z = super().start()
        return z, z, -self.x

    def init_layer(self, t):
        s = [1.0]
        for _ in range(t):
            s.append((1 + (1 + 4 * s[-1] ** 2) ** 0.5) / 2)
        momentum = {"momentum": (s[t - 1] - 1) / s[t]} if t else {}
        return {"step": 1 / self.L} | momentum

    def layer(self, point, step, momentum=0):
        z, z_old, residual_old = point
        residual = self.residual(z)
        weight = torch.as_tensor(1 + momentum).to(z)
        y = torch.lerp(z_old, z, weight)
        grad = torch.lerp(residual_old, residual, weight) @ self.D
        z_new = proximal_step(y, grad, step, step * self.lmbd)
        return z_new, z, residual


class Solver(UnrolledSolver):
    """Learned FISTA: the steps and the momenta of FISTA, learned.

    Before training it is the algorithm of A. Beck and M. Teboulle, A fast
    iterative shrinkage-thresholding algorithm for linear inverse problems,
    SIAM J. Imaging Sci. 2(1), 2009, doi:10.1137/080716542.
    """

    name = "Learned-FISTA"
    network = LearnedFISTA
