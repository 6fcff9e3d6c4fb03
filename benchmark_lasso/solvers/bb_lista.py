import torch

from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.networks import LearnedFISTA
from unrolling.prox import soft_threshold


class BBLISTA(LearnedFISTA):
    """z <- ST(y - c_t a D'(Dy - x), c_t a lmbd), y = z + m_t (z - z_old).

    a is the step of Barzilai and Borwein for each sample, ||z - z_old||^2 /
    ||D(z - z_old)||^2, at least 1/L, and 1/L before the first move. Learned
    are a factor c_t and, from the second layer on, a momentum m_t. A point is
    (z, z_old, Dz_old - x): the residual of y and the step need no product of
    their own.
    """

    unrolls = None

    def init_layer(self, t):
        return {"step": 1.0} | ({"momentum": 0.0} if t else {})

    def layer(self, point, step, momentum=0):
        y, grad, residual = self.extrapolated(point, momentum)
        z, z_old, residual_old = point
        a = step * self.spectral_step(z - z_old, residual - residual_old)
        z_new = soft_threshold(y - a * grad, a * self.lmbd)
        return z_new, z, residual

    def spectral_step(self, move, image):
        """||z - z_old||^2 / ||D(z - z_old)||^2 of each sample, >= 1/L."""
        length = (move**2).sum(dim=1, keepdim=True)
        curvature = (image**2).sum(dim=1, keepdim=True)
        moved = length > 0
        ratio = length / torch.where(moved, curvature, 1.0).clamp(
            min=1e-6 * length)
        return torch.where(moved, ratio, 1 / self.L).clamp(min=1 / self.L)


class Solver(UnrolledSolver):
    """BB-LISTA: Barzilai and Borwein's steps with learned factors, momentum.

    The suite's own: the step of J. Barzilai and J. M. Borwein, Two-point step
    size gradient methods, IMA J. Numer. Anal. 8(1), 1988,
    doi:10.1093/imanum/8.1.141, adapts to each sample, and a learned factor to
    the layer. Two numbers a layer, as Learned-FISTA has.
    """

    name = "BB-LISTA"
    network = BBLISTA
