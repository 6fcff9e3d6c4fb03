import numpy as np
from benchmark_utils.classical_nonlinear import NonlinearSolver

N_PAIRS, ARMIJO, N_HALVINGS = 10, 1e-4, 20


class Solver(NonlinearSolver):
    """L-BFGS on 1/2 ||K(x) - y||^2 + reg/2 ||J||^2 ||x - b||^2.

    b is the background and J the Jacobian there. All samples step together,
    each by its own steps, halved until the cost falls as Armijo asks of the
    step that is left where K is defined; a sample whose steps all fail begins
    anew with its gradient. An iteration evaluates K up to N_HALVINGS times,
    until no sample's step is to be halved, and J'r once. J. Nocedal and S. J.
    Wright, Numerical optimization, Springer, 2006,
    doi:10.1007/978-0-387-40065-5, algorithm 7.4.
    """

    name = "L-BFGS"
    parameters = {"reg": ["tuned"]}
    tuned_parameter, tuning_range = "reg", (1e-8, 1.0)

    def iterates(self, K, y, x):
        unit = K.norm(self.background) ** 2
        cost, gradient = self.cost(K, y, x, unit)
        g, pairs = gradient(), []
        while True:
            yield x
            d, t = -two_loops(g, pairs, unit), np.ones(len(x))
            for _ in range(N_HALVINGS):
                new = K.project(x + t[:, None] * d)
                new_cost, gradient = self.cost(K, y, new, unit)
                slope = dot(g, new - x)  # of the projected step
                fell = (slope <= 0) & (new_cost <= cost + ARMIJO * slope)
                if fell.all():
                    break
                t = np.where(fell, t, t / 2)
            moved = (fell & (new != x).any(axis=1))[:, None]
            new, new_g = (np.where(moved, new, x),
                          np.where(moved, gradient(), g))
            # a sample that has not moved forgets its pairs: its next step is
            # along the gradient
            pairs = [(np.where(moved, s, 0), v) for s, v in pairs]
            pairs = [*pairs, (new - x, new_g - g)][-N_PAIRS:]
            x, g, cost = new, new_g, np.where(fell, new_cost, cost)

    def cost(self, K, y, x, unit):
        """The cost of each sample, and a function that computes its gradient.
        """
        at, moved = K.at(x), x - self.background
        r, reg = at.value - y, self.chosen * unit
        return (dot(r, r) + reg * dot(moved, moved)) / 2, lambda: (
            at.pull(r) + reg * moved)


def dot(a, b):
    """Inner product of each row."""
    return (a * b).sum(axis=1)


def two_loops(g, pairs, unit):
    """The product with the inverse Hessian of L-BFGS, row by row; pairs
    without curvature are left out."""
    kept = []
    for s, v in reversed(pairs):
        sv = dot(s, v)
        rho = np.divide(1, sv, out=np.zeros(len(g)), where=sv > 1e-300)
        a = rho * dot(s, g)
        g = g - a[:, None] * v
        kept.append((s, v, rho, a))
    scale = np.full(len(g), 1 / unit)
    for s, v, rho, _ in kept[::-1]:
        scale = np.where(rho > 0, dot(s, v) / np.maximum(
            dot(v, v), 1e-300), scale)
    g = scale[:, None] * g
    for s, v, rho, a in kept[::-1]:
        g = g + (a - rho * dot(v, g))[:, None] * s
    return g
