import torch
from benchmark_utils.classical import IterativeSolver

from unrolling.options import POSITIVE, RELAXATION
from unrolling.prox import soft_threshold


class Solver(IterativeSolver):
    """ADMM on 1/2 ||x - D v||^2 + lmbd ||z||_1 subject to v = z.

    The matrix of the v-step is factorised once: by Woodbury's identity,
    (rho I + D'D)^-1 = (I - D'(rho I + DD')^-1 D) / rho. S. Boyd et al.,
    Distributed optimization and statistical learning via the alternating
    direction method of multipliers, Found. Trends Mach. Learn. 3(1), 2011,
    doi:10.1561/2200000016, section 6.4, over-relaxed.
    """

    name = "ADMM"
    parameters = {"rho": [1.0], "relaxation": [1.6], "device": ["cpu"]}
    ranges = {"rho": POSITIVE, "relaxation": RELAXATION}
    backend = "torch"

    def iterates(self, D, x, lmbd):
        rho, alpha = self.rho, self.relaxation
        identity = torch.eye(len(D), dtype=D.dtype, device=D.device)
        factor = torch.linalg.cholesky(rho * identity + D @ D.T)
        K = torch.cholesky_solve(D, factor)
        c = x @ D
        z = dual = torch.zeros_like(c)
        while True:
            yield z
            b = c + rho * (z - dual)
            v = (b - (b @ D.T) @ K) / rho
            v = alpha * v + (1 - alpha) * z
            z = soft_threshold(v + dual, lmbd / rho)
            dual = dual + v - z
