from benchmark_utils.tv2d import ImageSolver
from benchmark_utils.tv2d_reference import admm

from unrolling.options import POSITIVE, RELAXATION


class Solver(ImageSolver):
    """ADMM on the split w = nabla u, diagonal in the cosine basis.

    u <- (A'A + rho nabla'nabla)^-1 (A'x + nabla'(rho w - p)), w <- the prox
    of (lmbd / rho) |.| at nabla u + p / rho, p <- p + rho (nabla u - w),
    over-relaxed. S. Boyd et al., Distributed optimization and statistical
    learning via the alternating direction method of multipliers, Found.
    Trends Mach. Learn. 3(1), 2011, doi:10.1561/2200000016; for images T.
    Goldstein and S. Osher, SIAM J. Imaging Sci. 2(2), 2009,
    doi:10.1137/080725891. The penalty rho, which is the step of p, is
    dual_step lmbd, see performance/tv2d/tune.py.
    """

    name = "ADMM"
    parameters = {
        "dual_step": [30.0], "relaxation": [1.6], "backend": ["numpy"],
        "device": ["cpu"]}
    ranges = {"dual_step": POSITIVE, "relaxation": RELAXATION}

    def algorithm(self, A, x, u, lmbd):
        points = admm(A, x, u, lmbd, self.isotropic, self.dual_step * lmbd,
                      self.relaxation)
        for point, _ in points:
            yield point
