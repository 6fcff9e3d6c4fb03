import numpy as np
import torch
from benchmark_utils.tv import IterativeSolver, diff, diff_adjoint, diff_norm2

from unrolling.linear import lipschitz
from unrolling.options import POSITIVE


class Solver(IterativeSolver):
    """Chambolle-Pock, with the prox of the whole data fit.

    The matrix (I + tau A'A)^-1 is computed once. The steps satisfy tau sigma
    ||nabla||^2 = 1, and ratio is sigma ||nabla||^2 / L. A. Chambolle and T.
    Pock, A first-order primal-dual algorithm for convex problems with
    applications to imaging, J. Math. Imaging Vis. 40, 2011,
    doi:10.1007/s10851-010-0251-1, algorithm 1, which asks for less than 1; Y.
    Li and M. Yan, On the improved conditions for some primal-dual algorithms,
    arXiv:2201.00139, prove that less than 4/3 is enough.
    """

    name = "Chambolle-Pock"
    parameters = {"ratio": [10.0], "backend": ["numpy"], "device": ["cpu"]}
    ranges = {"ratio": POSITIVE}
    quadratic_only = True

    def iterates(self, A, x, u, lmbd):
        L, n_times = lipschitz(A), u.shape[1]
        tau, sigma = 1 / (self.ratio * L), self.ratio * L / diff_norm2(n_times)
        library = np if isinstance(A, np.ndarray) else torch
        identity = library.eye(n_times, dtype=A.dtype, device=A.device)
        K = library.linalg.inv(identity + tau * A.T @ A)
        c, v, u_bar = x @ A, 0 * diff(u), u
        while True:
            yield u
            v = (v + sigma * diff(u_bar)).clip(-lmbd, lmbd)
            u_new = (u + tau * (c - diff_adjoint(v))) @ K
            u_bar, u = 2 * u_new - u, u_new
