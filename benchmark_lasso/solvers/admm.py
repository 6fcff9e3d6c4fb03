import torch
from benchopt import BaseSolver

from unrolling.device import synchronize, to_numpy, to_tensor, unavailable
from unrolling.prox import soft_threshold


class Solver(BaseSolver):
    """ADMM on 1/2 ||x - D v||^2 + lmbd ||z||_1 subject to v = z.

    The matrix of the v-step is factorised once: by Woodbury's identity,
    (rho I + D'D)^-1 = (I - D'(rho I + DD')^-1 D) / rho. S. Boyd et al.,
    Distributed optimization and statistical learning via the alternating
    direction method of multipliers, Found. Trends Mach. Learn. 3(1), 2011,
    doi:10.1561/2200000016, section 6.4, over-relaxed.
    """

    name = "ADMM"
    parameters = {"rho": [1.0], "relaxation": [1.6], "device": ["cpu"]}

    def skip(self, **_):
        reason = unavailable(self.device)
        return reason is not None, reason

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x, self.lmbd = D, x, lmbd

    def warm_up(self):
        self.run_once()

    def run(self, cb):
        rho, alpha = self.rho, self.relaxation
        D, x = (to_tensor(array, self.device) for array in (self.D, self.x))
        identity = torch.eye(len(D), dtype=D.dtype, device=D.device)
        factor = torch.linalg.cholesky(rho * identity + D @ D.T)
        K = torch.cholesky_solve(D, factor)
        c = x @ D
        self.z = dual = torch.zeros_like(c)
        synchronize(self.device)
        while cb():
            b = c + rho * (self.z - dual)
            v = (b - (b @ D.T) @ K) / rho
            v = alpha * v + (1 - alpha) * self.z
            self.z = soft_threshold(v + dual, self.lmbd / rho)
            dual = dual + v - self.z
            synchronize(self.device)

    def get_result(self):
        return {"z": to_numpy(self.z)}
