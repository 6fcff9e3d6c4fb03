from benchmark_utils.tv2d import ImageSolver

from unrolling.differences import nabla, nabla_adjoint, nabla_norm2, project
from unrolling.options import POSITIVE


class Solver(ImageSolver):
    """Chambolle-Pock, with the prox of the data fit in the cosine basis.

    p <- projection of p + sigma nabla u_bar on |p| <= lmbd, u <- (I + tau
    A'A)^-1 (u + tau (A'x - nabla'p)), u_bar <- u + theta (u - the last u).
    The steps satisfy tau sigma ||nabla||^2 = 1, and sigma is dual_step lmbd,
    as ADMM's penalty. With theta = 1 this is algorithm 1. Accelerated, for A
    = I, whose fit is 1-strongly convex, it is algorithm 2, at a rate of
    1/k^2: theta = 1 / sqrt(1 + 2 tau), tau <- theta tau, sigma <- sigma /
    theta. A. Chambolle and T. Pock, A first-order primal-dual algorithm for
    convex problems with applications to imaging, J. Math. Imaging Vis. 40,
    2011, doi:10.1007/s10851-010-0251-1. For algorithm 1 it asks for less than
    1; Y. Li and M. Yan, On the improved conditions for some primal-dual
    algorithms, arXiv:2201.00139, prove that less than 4/3 is enough.
    """

    name = "Chambolle-Pock"
    parameters = {
        "accelerated, dual_step": [(False, 20.0), (True, 0.3)],
        "backend": ["numpy"], "device": ["cpu"]}
    ranges = {"dual_step": POSITIVE}

    def refusal(self, spectrum, **problem):
        if self.accelerated and (spectrum != 1).any():
            return ("accelerated=True needs a data fit that is strongly "
                    "convex, A = I, got a convolution: use accelerated=False, "
                    "or a data set with blur=0")
        return super().refusal(spectrum, **problem)

    def algorithm(self, A, x, u, lmbd):
        sigma, theta = self.dual_step * lmbd, 1.0
        tau = 1 / (sigma * nabla_norm2(*u.shape[1:]))
        c, p, u_bar = A(x), 0 * nabla(u), u
        while True:
            yield u
            p = project(p + sigma * nabla(u_bar), lmbd, self.isotropic)
            v = u + tau * (c - nabla_adjoint(p))
            u_new = v / (1 + tau) if A.is_identity else A.filtered(
                v, 1 / (1 + tau * A.spectrum**2))
            if self.accelerated:
                theta = (1 + 2 * tau) ** -0.5
                tau, sigma = theta * tau, sigma / theta
            u_bar, u = u_new + theta * (u_new - u), u_new
