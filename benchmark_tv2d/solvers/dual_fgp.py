from benchmark_utils.fgp import fgp
from benchmark_utils.tv2d import ImageSolver

from unrolling.differences import nabla_adjoint


class Solver(ImageSolver):
    """Fast gradient projection on the dual, for A = I.

    p <- projection of p + nabla (x - nabla'p) / ||nabla||^2 on |p| <= lmbd,
    with momentum and adaptive restart, or without; u = x - nabla'p. A. Beck
    and M. Teboulle, Fast gradient-based algorithms for constrained total
    variation image denoising and deblurring problems, IEEE Trans. Image
    Process. 18(11), 2009, doi:10.1109/TIP.2009.2028250.
    """

    name = "Dual-FGP"
    parameters = {
        "accelerated": [True, False], "backend": ["numpy"], "device": ["cpu"]}
    denoising_only = True

    def algorithm(self, A, x, u, lmbd):
        for p in fgp(x, lmbd, self.isotropic, accelerated=self.accelerated):
            yield x - nabla_adjoint(p)
