from benchmark_utils.pixels import nabla, nabla_adjoint, nabla_norm2, project
from benchmark_utils.tv2d import ImageSolver


class Solver(ImageSolver):
    """Condat-Vu: primal-dual splitting, with a gradient of the data fit.

    u <- u - tau (A'(Au - x) + nabla'p), and p <- projection of p + sigma
    nabla (2 u - the last u) on |p| <= lmbd. The steps satisfy 1/tau - sigma
    ||nabla||^2 = L/2, and ratio is the second term over the third. L. Condat,
    A primal-dual splitting method for convex optimization involving
    Lipschitzian, proximable and linear composite terms, J. Optim. Theory
    Appl. 158, 2013, doi:10.1007/s10957-012-0245-9; B. C. Vu, Adv. Comput.
    Math. 38, 2013, doi:10.1007/s10444-011-9254-8.
    """

    name = "Condat-Vu"
    parameters = {"ratio": [1.0], "backend": ["numpy"], "device": ["cpu"]}

    def algorithm(self, A, x, u, lmbd):
        tau = 2 / (A.L * (1 + self.ratio))
        sigma = self.ratio * A.L / (2 * nabla_norm2(*u.shape[1:]))
        c, p = A(x), 0 * nabla(u)
        while True:
            yield u
            u_new = u - tau * (A.normal(u) - c + nabla_adjoint(p))
            p = project(
                p + sigma * nabla(2 * u_new - u), lmbd, self.isotropic)
            u = u_new
