from benchopt import BaseSolver

from unrolling.device import place, synchronize, to_numpy, unavailable
from unrolling.lasso import lipschitz
from unrolling.lasso.steps import ProximalGradient


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
        step = 1 / lipschitz(D)
        proximal_gradient = ProximalGradient(D, x, self.lmbd)
        self.z = proximal_gradient.start()
        synchronize(self.device)
        while cb():
            self.z = proximal_gradient(self.z, step)
            synchronize(self.device)

    def get_result(self):
        return {"z": to_numpy(self.z)}
