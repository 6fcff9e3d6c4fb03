from benchmark_utils.tv import (
    IterativeSolver,
    condat_vu_steps,
    diff,
    diff_adjoint,
)

from unrolling.linear import lipschitz
from unrolling.options import POSITIVE


class Solver(IterativeSolver):
    """Condat-Vu: primal-dual splitting, with a gradient of the data fit.

    The dual variable v, of nabla u, is clipped to [-lmbd, lmbd]. The steps
    satisfy 1/tau - sigma ||nabla||^2 > L/2, with tau 1 % below the bound, and
    ratio is the second term over the third. L. Condat, A primal-dual
    splitting method for convex optimization involving Lipschitzian,
    proximable and linear composite terms, J. Optim. Theory Appl. 158, 2013,
    doi:10.1007/s10957-012-0245-9; B. C. Vu, Adv. Comput. Math. 38, 2013,
    doi:10.1007/s10444-011-9254-8.
    """

    name = "Condat-Vu"
    parameters = {"ratio": [10.0], "backend": ["numpy"], "device": ["cpu"]}
    ranges = {"ratio": POSITIVE}

    def iterates(self, A, x, u, lmbd):
        fit = self.data_fit(A, x)
        tau, sigma = condat_vu_steps(lipschitz(A), u.shape[1], self.ratio)
        v = 0 * diff(u)
        while True:
            yield u
            u_new = u - tau * (fit.grad(u) + diff_adjoint(v))
            v = (v + sigma * diff(2 * u_new - u)).clip(-lmbd, lmbd)
            u = u_new
