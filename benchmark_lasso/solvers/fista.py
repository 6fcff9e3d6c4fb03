from benchopt import BaseSolver

from unrolling.device import place, synchronize, to_numpy, unavailable
from unrolling.lasso.steps import proximal_step
from unrolling.linear import LeastSquares, lipschitz
from unrolling.momentum import Momentum


class Solver(BaseSolver):
    """Accelerated ISTA, with adaptive restart of each sample's momentum.

    A. Beck and M. Teboulle, A fast iterative shrinkage-thresholding algorithm
    for linear inverse problems, SIAM J. Imaging Sci. 2(1), 2009,
    doi:10.1137/080716542. Restart (gradient scheme): B. O'Donoghue and E.
    Candes, Adaptive restart for accelerated gradient schemes, Found. Comput.
    Math. 15, 2015, arXiv:1204.3982.
    """

    name = "FISTA"
    parameters = {
        "restart": [True, False], "backend": ["numpy"], "device": ["cpu"],
    }

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
        self.z = y = fit.zeros()
        momentum = Momentum(y, self.restart)
        synchronize(self.device)
        while cb():
            self.z = proximal_step(y, fit.grad(y), step, step * self.lmbd)
            y = momentum(y, self.z)
            synchronize(self.device)

    def get_result(self):
        return {"z": to_numpy(self.z)}
