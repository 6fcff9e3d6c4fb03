from unrolling.lasso import LassoNetwork
from unrolling.prox import soft_threshold
from unrolling.solver import UnrolledSolver
from unrolling.transforms import POSITIVE


class DLADMM(LassoNetwork):
    """Linearised ADMM on 1/2 ||e||^2 + lmbd ||z||_1 subject to Dz + e = x.

    z    <- ST(z - a_t (dual + rho_t (Dz + e - x))'W_t, a_t b_t)
    e    <- prox of c_t/2 ||.||^2 at e - c_t (dual + rho_t (Dz + e - x))
    dual <- dual + rho_t (Dz + e - x)

    with learned a_t, W_t, b_t, c_t and rho_t. Untrained, a = 1/(rho L), c =
    1/rho, so that the step in e is exact and dual = -e ever after. A point is
    (z, e, dual); the start z = 0, e = x, dual = -x is feasible and optimal in
    e. With rho = 1 the gradient is then D'(Dz - x): this is ISTA, and that is
    where training starts.
    """

    rho = 1.0
    transforms = LassoNetwork.transforms | {
        "rho": POSITIVE, "prox_step": POSITIVE}

    def start(self):
        return super().start(), self.x, -self.x

    def init_layer(self, t):
        return {"step": 1 / (self.rho * self.L), "W": self.D,
                "threshold": [self.lmbd] * self.D.shape[1],
                "prox_step": 1 / self.rho, "rho": self.rho}

    def layer(self, point, step, W, threshold, prox_step, rho):
        z, e, dual = point
        z = soft_threshold(
            z - step * ((dual + rho * (self.residual(z) + e)) @ W),
            step * threshold)
        e = (e - prox_step * (dual + rho * (self.residual(z) + e))
             ) / (1 + prox_step)
        return z, e, dual + rho * (self.residual(z) + e)


class Solver(UnrolledSolver):
    """D-LADMM: linearised ADMM, with a learned matrix in each layer.

    X. Xie, J. Wu, Z. Zhong, G. Liu and Z. Lin, Differentiable linearized
    ADMM, ICML 2019, arXiv:1905.06179; here for the squared l2 norm of the
    residual, and with one step and one penalty a layer where the paper has
    vectors.
    """

    name = "D-LADMM"
    network = DLADMM
