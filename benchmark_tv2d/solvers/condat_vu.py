from benchmark_utils.tv2d import ImageSolver, condat_vu_step

from unrolling.differences import nabla, nabla_adjoint, project
from unrolling.options import POSITIVE


class Solver(ImageSolver):
    """Condat-Vu: primal-dual splitting, with a gradient of the data fit.

    p <- projection of p + sigma nabla u_bar on |p| <= lmbd, u <- u - tau
    (A'(Au - x) + nabla'p), u_bar <- 2 u - the last u. The steps satisfy 1/tau
    - sigma ||nabla||^2 > L/2, with tau 1 % below the bound, and sigma is
    dual_step lmbd, as ADMM's penalty. L. Condat, A primal-dual splitting
    method for convex optimization involving Lipschitzian, proximable and
    linear composite terms, J. Optim. Theory Appl. 158, 2013,
    doi:10.1007/s10957-012-0245-9; B. C. Vu, Adv. Comput. Math. 38, 2013,
    doi:10.1007/s10444-011-9254-8.
    """

    name = "Condat-Vu"
    parameters = {"dual_step": [20.0], "backend": ["numpy"], "device": ["cpu"]}
    ranges = {"dual_step": POSITIVE}

    def algorithm(self, A, x, u, lmbd):
        sigma = self.dual_step * lmbd
        tau = condat_vu_step(A.L, sigma, u.shape[1:])
        c, p, u_bar = A(x), 0 * nabla(u), u
        while True:
            yield u
            p = project(p + sigma * nabla(u_bar), lmbd, self.isotropic)
            u_new = u - tau * (A.normal(u) - c + nabla_adjoint(p))
            u_bar, u = 2 * u_new - u, u_new
