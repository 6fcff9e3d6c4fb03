import numpy as np
from benchmark_utils.tv import IterativeSolver, total_variation

from unrolling.linear import lipschitz, squared_norms
from unrolling.prox import prox_tv


class Solver(IterativeSolver):
    """SpaRSA: PGD with the step of Barzilai and Borwein, one per sample.

    The step 1/alpha is the inverse curvature along the sample's last move. It
    is halved, down to 1/L, until the cost is below the highest of the last
    `memory` ones by sigma alpha / 2 ||u_new - u||^2. S. Wright, R. Nowak and
    M. Figueiredo, Sparse reconstruction by separable approximation, IEEE
    Trans. Signal Process. 57(7), 2009, doi:10.1109/TSP.2009.2016892.
    """

    name = "SpaRSA"
    parameters = {"memory": [5], "sigma": [0.01]}

    def iterates(self, A, x, u, lmbd):
        fit, L = self.data_fit(A, x), lipschitz(A)
        residual, alpha = u @ A.T - x, np.full(len(x), L)
        cost = fit.cost(residual) + lmbd * total_variation(u)
        costs = [cost]
        while True:
            yield u
            slope, bound = fit.derivative(residual), np.max(costs, axis=0)
            grad, todo = slope @ A, np.arange(len(x))
            new, cost = np.empty_like(u), np.empty(len(u))
            new_residual = np.empty_like(residual)
            while len(todo):
                a = alpha[todo]
                v = prox_tv(u[todo] - grad[todo] / a[:, None], lmbd / a)
                r = v @ A.T - x[todo]
                new[todo], new_residual[todo] = v, r
                cost[todo] = fit.cost(r, todo) + lmbd * total_variation(v)
                asked = self.sigma / 2 * a * squared_norms(v - u[todo])
                high = (cost[todo] > bound[todo] - asked) & (a < L)
                todo = todo[high]
                alpha[todo] = np.minimum(2 * alpha[todo], L)
            costs = [*costs, cost][-self.memory:]
            change = fit.derivative(new_residual) - slope
            curvature = ((new_residual - residual) * change).sum(axis=1)
            length = squared_norms(new - u)
            alpha = np.divide(curvature, length, out=np.full(len(x), L),
                              where=length > 0).clip(1e-6 * L, L)
            u, residual = new, new_residual
