from benchmark_utils.tv2d import ImageSolver

from unrolling.differences import nabla, nabla_adjoint, nabla_norm2, project


class Solver(ImageSolver):
    """Chambolle-Pock, with the prox of the data fit in the cosine basis.

    p <- projection of p + sigma nabla u_bar on |p| <= lmbd, u <- (I + tau
    A'A)^-1 (u + tau (A'x - nabla'p)), u_bar <- 2 u - the last u. The steps
    satisfy tau sigma ||nabla||^2 = 1, and ratio is tau L. A. Chambolle and T.
    Pock, A first-order primal-dual algorithm for convex problems with
    applications to imaging, J. Math. Imaging Vis. 40, 2011,
    doi:10.1007/s10851-010-0251-1, algorithm 1.
    """

    name = "Chambolle-Pock"
    parameters = {"ratio": [1.0], "backend": ["numpy"], "device": ["cpu"]}

    def algorithm(self, A, x, u, lmbd):
        tau = self.ratio / A.L
        sigma = 1 / (tau * nabla_norm2(*u.shape[1:]))
        c, inverse = A(x), 1 / (1 + tau * A.spectrum**2)
        p, u_bar = 0 * nabla(u), u
        while True:
            yield u
            p = project(p + sigma * nabla(u_bar), lmbd, self.isotropic)
            v = u + tau * (c - nabla_adjoint(p))
            u_new = v / (1 + tau) if A.is_identity else A.filtered(v, inverse)
            u_bar, u = 2 * u_new - u, u_new
