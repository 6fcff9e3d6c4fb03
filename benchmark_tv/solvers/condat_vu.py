from benchmark_utils.tv import IterativeSolver, diff, diff_adjoint, diff_norm2

from unrolling.linear import lipschitz


class Solver(IterativeSolver):
    """Condat-Vu: primal-dual splitting, with a gradient of the data fit.

    The dual variable v, of nabla u, is clipped to [-lmbd, lmbd]. The steps
    satisfy 1/tau - sigma ||nabla||^2 = L/2, and ratio is the second term over
    the third. L. Condat, A primal-dual splitting method for convex
    optimization involving Lipschitzian, proximable and linear composite
    terms, J. Optim. Theory Appl. 158, 2013, doi:10.1007/s10957-012-0245-9; B.
    C. Vu, Adv. Comput. Math. 38, 2013, doi:10.1007/s10444-011-9254-8.
    """

    name = "Condat-Vu"
    parameters = {"ratio": [10.0], "backend": ["numpy"], "device": ["cpu"]}

    def iterates(self, A, x, u, lmbd):
        fit, L = self.data_fit(A, x), lipschitz(A)
        tau = 2 / (L * (1 + self.ratio))
        sigma = self.ratio * L / (2 * diff_norm2(u.shape[1]))
        v = 0 * diff(u)
        while True:
            yield u
            u_new = u - tau * (fit.grad(u) + diff_adjoint(v))
            v = (v + sigma * diff(2 * u_new - u)).clip(-lmbd, lmbd)
            u = u_new
