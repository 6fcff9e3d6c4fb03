"""The layers of networks that unroll ADMM, at two products with D each."""
import torch

from unrolling.lasso.network import LassoNetwork
from unrolling.prox import soft_threshold
from unrolling.transforms import POSITIVE


class UnrolledADMM(LassoNetwork):
    """ADMM on 1/2 ||x - D v||^2 + lmbd ||z||_1 subject to v = z.

    Dv   <- (rho I + DD')^-1 D(D'x + rho z - dual)
    w    <- z + (a D'(x - Dv) + (1 - a) dual) / rho
    z    <- ST(w, lmbd / rho)
    dual <- rho (w - z)

    with a penalty rho and a relaxation a, numbers that a subclass has in its
    layers or shares. The inverse is that of the solver for any rho, from the
    eigenvalues of DD'; v itself is not needed. A point is (z, dual, D dual).
    The last follows from Dv and Dz, so that a layer takes a product with D
    and one with D', and the cost of its z none more.
    """

    unrolls = "ADMM"
    rho, relaxation = 1.0, 1.6
    transforms = LassoNetwork.transforms | {
        "rho": POSITIVE, "relaxation": POSITIVE}

    def __init__(self, D, lmbd):
        super().__init__(D, lmbd)
        self.s, self.U = torch.linalg.eigh(self.D @ self.D.T)

    def bind(self, x):
        super().bind(x)
        if x is not None:
            self.DDx = (x @ self.U * self.s) @ self.U.T

    def start(self):
        z = super().start()
        return z, 0 * z, 0 * self.x

    def numbers(self):
        """Penalty and relaxation of the solver ADMM."""
        return {"rho": self.rho, "relaxation": self.relaxation}

    def layer(self, point, rho, relaxation):
        z, dual, D_dual = point
        Dz = self.residual(z) + self.x
        Db = self.DDx + rho * Dz - D_dual
        Dv = (Db @ self.U / (rho + self.s)) @ self.U.T
        step = relaxation * ((self.x - Dv) @ self.D)
        w = z + (step + (1 - relaxation) * dual) / rho
        z = soft_threshold(w, self.lmbd / rho)
        Dw = relaxation * Dv + (1 - relaxation) * Dz + D_dual / rho
        return z, rho * (w - z), rho * (Dw - self.residual(z) - self.x)
