from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork


class FirstStepLISTA(LassoNetwork):
    """z <- ST(z - a_t (Dz - x)'W_t, a_t b_t), with learned steps a_t.

    The first layer also learns W_0 and b_0; after it, W_t = D and b_t = lmbd.
    """

    def init_layer(self, t):
        first = {"W": self.D, "threshold": [self.lmbd] * self.D.shape[1]}
        return {"step": 1 / self.L} | (first if t == 0 else {})

    def layer(self, z, step, W=None, threshold=None):
        W = self.D if W is None else W
        threshold = self.lmbd if threshold is None else threshold
        return self.proximal_step(
            z, self.residual(z) @ W, step, step * threshold)


class Solver(UnrolledSolver):
    """First-step-LISTA: one learned matrix, in the first layer, then steps.

    The parametrisation `first_step` of adopty, the package of P. Ablin, T.
    Moreau, M. Massias and A. Gramfort, Learning step sizes for unfolded
    sparse coding, NeurIPS 2019, arXiv:1905.11071.
    """

    name = "First-step-LISTA"
    network = FirstStepLISTA
