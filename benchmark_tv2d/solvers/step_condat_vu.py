from benchmark_utils.learned_tv2d import ImageNetwork
from benchmark_utils.tv2d import condat_vu_step

from unrolling.bench.solver import UnrolledSolver
from unrolling.differences import nabla, nabla_adjoint, project
from unrolling.transforms import POSITIVE


class StepCondatVu(ImageNetwork):
    """Condat-Vu whose steps, step in u and sigma in p, are learned.

    A point is (u, p, u_bar), and the dual line comes first, so that all that
    a layer learns acts on its own u; the sequence is that of the solver.
    """

    unrolls = "Condat-Vu"
    dual_step = 20.0
    transforms = ImageNetwork.transforms | {"sigma": POSITIVE}

    def start(self):
        return self.x, 0 * nabla(self.x), self.x

    def init_layer(self, t):
        sigma = self.dual_step * self.lmbd
        step = condat_vu_step(self.L, sigma, self.spectrum.shape)
        return {"step": step, "sigma": sigma}

    def layer(self, point, step, sigma):
        u, p, u_bar = point
        p = project(p + sigma * nabla(u_bar), self.lmbd, self.isotropic)
        u_new = u - step * (self.grad(u) + nabla_adjoint(p))
        return u_new, p, 2 * u_new - u


class Solver(UnrolledSolver):
    """Step-Condat-Vu: Condat-Vu with two learned steps a layer.

    H. Cherkaoui, J. Sulam and T. Moreau, Learning to solve TV regularised
    problems with unrolled algorithms, NeurIPS 2020, arXiv:2010.09545, in
    whose package it is, for signals; untrained it has the steps of the
    classical solver.
    """

    name = "Step-Condat-Vu"
    network = StepCondatVu
