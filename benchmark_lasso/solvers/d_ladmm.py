from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork
from unrolling.transforms import POSITIVE


class DLADMM(LassoNetwork):
    """Linearised ADMM on 1/2 ||e||^2 + lmbd ||z||_1 subject to Dz + e = x.

    e    <- prox of c_t/2 ||.||^2 at e - c_t (dual + rho_t (Dz + e - x))
    dual <- dual + rho_t (Dz + e - x)
    z    <- ST(z - a_t (dual + rho_t (Dz + e - x))'W_t, a_t b_t)

    with learned c_t, rho_t, a_t, W_t and b_t. Untrained, c = 1/rho, so that
    the step in e is exact and dual = -e after it, and a = 1/(rho L). A point
    is (z, e, dual). The start z = 0, e = x, dual = -x is a fixed point of the
    first two lines, so that this is the algorithm, which begins with the
    third; but here all that a layer learns acts on its own z.

    With rho = 1, where training starts, the third line has D'(Dz - x), from
    whatever e and dual: ISTA.
    """

    rho = 1.0
    transforms = LassoNetwork.transforms | {
        "prox_step": POSITIVE, "rho": POSITIVE}

    def start(self):
        return super().start(), self.x, -self.x

    def init_layer(self, t):
        return {"prox_step": 1 / self.rho, "rho": self.rho,
                "step": 1 / (self.rho * self.L), "W": self.D,
                "threshold": [self.lmbd] * self.D.shape[1]}

    def layer(self, point, prox_step, rho, step, W, threshold):
        z, e, dual = point
        residual = self.residual(z)
        e = (e - prox_step * (dual + rho * (residual + e))) / (1 + prox_step)
        dual = dual + rho * (residual + e)
        z = self.proximal_step(
            z, (dual + rho * (residual + e)) @ W, step, step * threshold)
        return z, e, dual


class Solver(UnrolledSolver):
    """D-LADMM: linearised ADMM, with a learned matrix in each layer.

    X. Xie, J. Wu, Z. Zhong, G. Liu and Z. Lin, Differentiable linearized
    ADMM, ICML 2019, arXiv:1905.06179; here for the squared l2 norm of the
    residual, and with one step and one penalty a layer where the paper has
    vectors.
    """

    name = "D-LADMM"
    network = DLADMM
