"""SpaRSA: proximal gradient descent with Barzilai and Borwein's steps.

S. Wright, R. Nowak and M. Figueiredo, Sparse reconstruction by separable
approximation, IEEE Trans. Signal Process. 57(7), 2009,
doi:10.1109/TSP.2009.2016892.
"""
import numpy as np

from unrolling.linear import lipschitz, squared_norms
from unrolling.options import BELOW_ONE, COUNT, check_options

LEAST_CURVATURE = 1e-6
"""The curvature along a sample's last move counts for this part of L or more:
that bounds the steps."""

ROUNDING = 4 * np.finfo(float).eps
"""Rounding error of a sum, relative to its terms."""


def sparsa(fit, u, prox, penalty, memory=5, sigma=0.01):
    """Iterates of min_u fit(A u - x) + penalty(u) for many x, without an end.

    The step 1/alpha is the inverse curvature along the sample's last move. It
    is halved, down to 1/L, until the cost is below the highest of the last
    `memory` ones by sigma alpha / 2 ||u_new - u||^2: with memory=1 the cost
    never rises. A step that is tried takes a product with A, and an iteration
    one more with A'. As the cost may rise, a sample's cheapest iterate so far
    is yielded, whose cost is known; the algorithm goes on from its last. Of
    iterates whose costs are equal up to rounding the last is yielded: where an
    error of 1e-8 no longer shows in the cost, it still falls.

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
    memory : int >= 1
        The paper's M + 1: its maximum is over the last cost and M before it.
    sigma : float in [0, 1)

    Yields
    ------
    ndarray, shape (n_samples, n_coefs), which is never changed later; u first.

    Raises
    ------
    ValueError
        memory or sigma is out of its range.
    """
    check_options(COUNT, memory=memory)
    check_options(BELOW_ONE, sigma=sigma)
    A, x, L = fit.A, fit.x, lipschitz(fit.A)

    def tried(rows, start, grad, alpha):
        """A step of these samples: u, its residual, its cost, the decrease
        that is asked of it."""
        v = prox(start - grad / alpha[:, None], 1 / alpha)
        r = v @ A.T - x[rows]
        return (v, r, fit.cost(r, rows) + penalty(v),
                sigma / 2 * alpha * squared_norms(v - start))

    residual, alpha = u @ A.T - x, np.full(len(x), L)
    slope, size = fit.derivative(residual), np.sqrt(squared_norms(x))
    costs = [fit.cost(residual) + penalty(u)]
    best, least = u, costs[0]
    while True:
        yield best
        grad, bound = slope @ A, np.max(costs, axis=0)
        new, new_residual, cost, asked = tried(slice(None), u, grad, alpha)
        high = np.flatnonzero((cost > bound - asked) & (alpha < L))
        while len(high):
            a = alpha[high] = np.minimum(2 * alpha[high], L)
            new[high], new_residual[high], cost[high], asked = tried(
                high, u[high], grad[high], a)
            high = high[(cost[high] > bound[high] - asked) & (a < L)]
        costs = [*costs, cost][-memory:]
        new_slope = fit.derivative(new_residual)
        curvature = ((new_residual - residual) * (new_slope - slope)).sum(
            axis=1)
        length = squared_norms(new - u)
        alpha = np.divide(curvature, length, out=np.full(len(x), L),
                          where=length > 0).clip(LEAST_CURVATURE * L, L)
        u, residual, slope = new, new_residual, new_slope
        # the cost's own sum is rounded, and the residual, whose terms are x's
        error = ROUNDING * (least + size * np.sqrt(squared_norms(slope)))
        better = cost <= least + error
        best = u if better.all() else np.where(better[:, None], u, best)
        least = np.minimum(cost, least)
