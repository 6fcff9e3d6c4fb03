from benchopt import BaseSolver

from unrolling.device import place, synchronize, to_numpy, unavailable
from unrolling.lasso import lipschitz
from unrolling.lasso.steps import ProximalGradient


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
        step = 1 / lipschitz(D)
        proximal_gradient = ProximalGradient(D, x, self.lmbd)
        self.z = y = proximal_gradient.start()
        t = x[:, :1] * 0 + 1
        synchronize(self.device)
        while cb():
            z_old, self.z = self.z, proximal_gradient(y, step)
            move = self.z - z_old
            if self.restart:
                t[((y - self.z) * move).sum(1) > 0] = 1
            t_old, t = t, (1 + (1 + 4 * t**2) ** 0.5) / 2
            y = self.z + (t_old - 1) / t * move
            synchronize(self.device)

    def get_result(self):
        return {"z": to_numpy(self.z)}
