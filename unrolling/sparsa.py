"""SpaRSA: proximal gradient descent with Barzilai and Borwein's steps.

S. Wright, R. Nowak and M. Figueiredo, Sparse reconstruction by separable
approximation, IEEE Trans. Signal Process. 57(7), 2009,
doi:10.1109/TSP.2009.2016892.
"""
import numpy as np

from unrolling.linear import lipschitz, squared_norms

LEAST_CURVATURE = 1e-6
"""The curvature along a sample's last move counts for this part of L or more:
that bounds the steps."""


def sparsa(fit, u, prox, penalty, memory=5, sigma=0.01):
    """Iterates of min_u fit(A u - x) + penalty(u) for many x, without an end.

    The step 1/alpha is the inverse curvature along the sample's last move. It
    is halved, down to 1/L, until the cost is below the highest of the last
    `memory` ones by sigma alpha / 2 ||u_new - u||^2: with memory=1 the cost
    never rises. A step that is tried takes a product with A, and an iteration
    one more with A'.

    Parameters
    ----------
    fit : unrolling.linear.LeastSquares
        Or a class of its own with `A`, `x`, `cost` and `derivative`, whose
        gradient has the Lipschitz constant L = ||A||_2^2, too.
    u : ndarray, shape (n_samples, n_coefs)
        The start.
    prox : callable
        prox(v, t), the prox of t penalty, of v (n_rows, n_coefs), t (n_rows,).
    penalty : callable
        penalty(u), of each sample, (n_samples,).
    memory : int
    sigma : float in [0, 1)

    Yields
    ------
    ndarray, shape (n_samples, n_coefs), a new one each time; u first.
    """
    A, x, L = fit.A, fit.x, lipschitz(fit.A)
    residual, alpha = u @ A.T - x, np.full(len(x), L)
    costs = [fit.cost(residual) + penalty(u)]
    while True:
        yield u
        slope, bound = fit.derivative(residual), np.max(costs, axis=0)
        grad, todo = slope @ A, np.arange(len(x))
        new, cost = np.empty_like(u), np.empty(len(u))
        new_residual = np.empty_like(residual)
        while len(todo):
            a = alpha[todo]
            v = prox(u[todo] - grad[todo] / a[:, None], 1 / a)
            r = v @ A.T - x[todo]
            new[todo], new_residual[todo] = v, r
            cost[todo] = fit.cost(r, todo) + penalty(v)
            asked = sigma / 2 * a * squared_norms(v - u[todo])
            high = (cost[todo] > bound[todo] - asked) & (a < L)
            todo = todo[high]
            alpha[todo] = np.minimum(2 * alpha[todo], L)
        costs = [*costs, cost][-memory:]
        change = fit.derivative(new_residual) - slope
        curvature = ((new_residual - residual) * change).sum(axis=1)
        length = squared_norms(new - u)
        alpha = np.divide(curvature, length, out=np.full(len(x), L),
                          where=length > 0).clip(LEAST_CURVATURE * L, L)
        u, residual = new, new_residual
