from functools import partial

from benchmark_utils.fgp import fgp
from benchmark_utils.tv2d import ImageSolver

from unrolling.differences import nabla_adjoint


class Solver(ImageSolver):
    """Fast gradient projection on the dual, for A = I.

    p <- projection of p + nabla (x - nabla'p) / ||nabla||^2 on |p| <= lmbd,
    with momentum, restarted or not, or without; u = x - nabla'p. A. Beck and
    M. Teboulle, Fast gradient-based algorithms for constrained total
    variation image denoising and deblurring problems, IEEE Trans. Image
    Process. 18(11), 2009, doi:10.1109/TIP.2009.2028250; restart: B.
    O'Donoghue and E. Candes, Found. Comput. Math. 15, 2015, arXiv:1204.3982.
    """

    name = "Dual-FGP"
    parameters = {
        "accelerated, restart": [(True, True), (True, False), (False, False)],
        "backend": ["numpy"], "device": ["cpu"]}
    denoising_only = True

    def algorithm(self, A, x, u, lmbd):
        def image(p):
            return x - nabla_adjoint(p)

        for p in fgp(x, lmbd, self.isotropic, None, self.accelerated,
                     self.restart):
            yield partial(image, p)
