from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork
from unrolling.lasso.steps import proximal_step


class StepLISTA(LassoNetwork):
    """z <- ST(z - a_t D'(Dz - x), a_t lmbd), one learned step a_t a layer."""

    def init_layer(self, t):
        return {"step": 1 / self.L}

    def layer(self, z, step):
        return proximal_step(z, self.grad(z), step, step * self.lmbd)


class Solver(UnrolledSolver):
    """Step-LISTA: ISTA whose only learned parameters are the steps.

    P. Ablin, T. Moreau, M. Massias and A. Gramfort, Learning step sizes for
    unfolded sparse coding, NeurIPS 2019, arXiv:1905.11071.
    """

    name = "Step-LISTA"
    network = StepLISTA
