from benchmark_utils.tv import IterativeSolver, diff, diff_adjoint, diff_norm2

from unrolling.linear import lipschitz
from unrolling.options import POSITIVE


class Solver(IterativeSolver):
    """Chambolle-Pock, with a dual variable for the data fit, too.

    No matrix is inverted: w is the dual variable of A u, v that of nabla u.
    The steps satisfy tau (sigma_w L + sigma_v ||nabla||^2) = 1, with sigma_w
    = 1, and ratio is sigma_v ||nabla||^2 / L. A. Chambolle and T. Pock, A
    first-order primal-dual algorithm for convex problems with applications to
    imaging, J. Math. Imaging Vis. 40, 2011, doi:10.1007/s10851-010-0251-1,
    which asks for less than 1; Y. Li and M. Yan, arXiv:2201.00139, prove that
    less than 4/3 is enough.
    """

    name = "Chambolle-Pock-split"
    parameters = {"ratio": [10.0], "backend": ["numpy"], "device": ["cpu"]}
    ranges = {"ratio": POSITIVE}

    def iterates(self, A, x, u, lmbd):
        fit, L = self.data_fit(A, x), lipschitz(A)
        tau = 1 / (L * (1 + self.ratio))
        sigma = self.ratio * L / diff_norm2(u.shape[1])
        w, v, u_bar = 0 * x, 0 * diff(u), u
        while True:
            yield u
            w = fit.derivative((w + u_bar @ A.T - x) / 2)
            v = (v + sigma * diff(u_bar)).clip(-lmbd, lmbd)
            u_new = u - tau * (w @ A + diff_adjoint(v))
            u_bar, u = 2 * u_new - u, u_new
