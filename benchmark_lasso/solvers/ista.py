from benchopt import BaseSolver

from unrolling.device import place, synchronize, to_numpy, unavailable
from unrolling.lasso.steps import proximal_step
from unrolling.linear import LeastSquares, lipschitz


class Solver(BaseSolver):
    """Iterative soft-thresholding, z <- ST(z - D'(Dz - x)/L, lmbd/L).

    I. Daubechies, M. Defrise and C. De Mol, An iterative thresholding
    algorithm for linear inverse problems with a sparsity constraint, Comm.
    Pure Appl. Math. 57(11), 2004, doi:10.1002/cpa.20042.
    """

    name = "ISTA"
    parameters = {"backend": ["numpy"], "device": ["cpu"]}

    def skip(self, **_):
        reason = unavailable(self.device, self.backend)
        return reason is not None, reason

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x, self.lmbd = D, x, lmbd

    def warm_up(self):
        self.run_once()

    def run(self, cb):
        D, x = place(self.backend, self.device, self.D, self.x)
        fit, step = LeastSquares(D, x), 1 / lipschitz(D)
        self.z = z = fit.zeros()
        synchronize(self.device)
        while cb():
            self.z = z = proximal_step(
                z, fit.grad(z), step, step * self.lmbd, out=z)
            synchronize(self.device)

    def get_result(self):
        return {"z": to_numpy(self.z)}
