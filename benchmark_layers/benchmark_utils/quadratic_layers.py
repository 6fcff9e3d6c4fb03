"""Layers with a quadratic 1/2 x'Qx - <c, x> and a simple set or penalty.

One forward solver serves them all: accelerated proximal gradient steps, until
the piece that they are on, a support or a face, has a solution that satisfies
the optimality condition to rounding.
"""
import torch

from benchmark_utils.feasible_sets import project_simplex
from benchmark_utils.layers import Layer, Solution
from unrolling.prox import soft_threshold

BLOCK, MAX_ITER = 10, 5000
"""Iterations between two looks at the optimality condition; the most."""
TOL = 1e-12
"""Largest entry of a fixed-point residual, relative to 1 or to what it is the
difference of, if that is larger: x and c / L."""


class QuadraticLayer(Layer):
    """Base: a subclass writes `parts(w)`, `prox` and `on_piece`.

    Parameters
    ----------
    Q : Tensor, shape (n_dim, n_dim), symmetric and positive definite
    """

    def __init__(self, Q):
        self.Q = Q
        eigenvalues = torch.linalg.eigvalsh(Q)
        self.mu, self.L = eigenvalues[0].item(), eigenvalues[-1].item()

    def parts(self, w):
        """c (n_samples, n_dim), and what the prox takes beside a point."""
        raise NotImplementedError(f"{type(self).__name__}.parts")

    def prox(self, v, step, rest):
        """The prox of the set, or of step times the penalty."""
        raise NotImplementedError(f"{type(self).__name__}.prox")

    def on_piece(self, Q, c, x, rest):
        """The minimiser on the piece that x is on, without inequalities."""
        raise NotImplementedError(f"{type(self).__name__}.on_piece")

    def face_solve(self, Q, active, v):
        """Q_SS^-1 v_S of each row, and 0 elsewhere, S where active is 1."""
        masked = Q * active[:, :, None] * active[:, None, :]
        masked = masked + torch.diag_embed(1 - active)
        return active * torch.linalg.solve(masked, active * v)

    def solve(self, w, linear=0.0, rho=0.0, center=0.0, start=None):
        c, rest = self.parts(w)
        c, n = c - linear + rho * center, len(w)
        Q = self.Q + rho * torch.eye(len(self.Q), dtype=w.dtype)
        L, mu = self.L + rho, self.mu + rho
        x = self.prox(c / L, 1 / L, rest) if start is None else start
        result, rows, total = x.clone(), torch.arange(n), 0
        for _ in range(MAX_ITER // BLOCK):
            x = self.accelerated(Q, L, mu, c, x, rest)
            total += BLOCK * len(rows)
            exact = self.on_piece(Q, c, x, rest)
            moved = exact - self.prox(
                exact - (exact @ Q - c) / L, 1 / L, rest)
            scale = (exact.abs() + c.abs() / L).amax(1).clamp(min=1)
            left = moved.abs().amax(1) > TOL * scale  # False for NaN
            result[rows] = torch.where(left[:, None], x, exact)
            if not left.any():
                break
            rows, x, c = rows[left], x[left], c[left]
            rest = None if rest is None else rest[left]
        return Solution(result, total / n)

    def accelerated(self, Q, L, mu, c, x, rest):
        """BLOCK steps with the constant momentum of strong convexity.

        Y. Nesterov, Lectures on convex optimization, Springer, 2018,
        doi:10.1007/978-3-319-91578-4, section 2.2.
        """
        momentum = (L**0.5 - mu**0.5) / (L**0.5 + mu**0.5)
        y = x
        for _ in range(BLOCK):
            before = x
            x = self.prox(y - (y @ Q - c) / L, 1 / L, rest)
            y = x + momentum * (x - before)
        return x

    def unroll(self, w, n_iter):
        """Proximal gradient steps with constant momentum, from c / L."""
        c, rest = self.parts(w)
        momentum = (self.L**0.5 - self.mu**0.5) / (
            self.L**0.5 + self.mu**0.5)
        x = y = self.prox(c / self.L, 1 / self.L, rest)
        for _ in range(n_iter):
            before = x
            x = self.prox(y - (y @ self.Q - c) / self.L, 1 / self.L, rest)
            y = x + momentum * (x - before)
        return x


class PortfolioLayer(QuadraticLayer):
    """-<w, x> + 1/2 x'Qx on the simplex: w are returns, Q their risk.

    H. Markowitz, Portfolio selection, J. Finance 7(1), 1952,
    doi:10.1111/j.1540-6261.1952.tb01525.x.
    """

    def __init__(self, Q):
        super().__init__(Q)
        self.n_inputs = len(Q)

    def parts(self, w):
        return w, None

    def prox(self, v, step, rest):
        return project_simplex(v)

    def on_piece(self, Q, c, x, rest):
        """The minimiser with sum(x) = 1 and the zeros of x."""
        active = (x > 0).to(x)
        free, ones = (self.face_solve(Q, active, v)
                      for v in (c, torch.ones_like(c)))
        return free + ones * (
            (1 - free.sum(1)) / ones.sum(1))[:, None]

    def value(self, x, w):
        return ((x @ self.Q / 2 - w) * x).sum(1)

    def adjoint(self, w, solution, v):
        active = (solution.x > 0).to(v)
        free, ones = (self.face_solve(self.Q, active, u)
                      for u in (v, torch.ones_like(v)))
        return free - ones * (free.sum(1) / ones.sum(1))[:, None]


class WeightedL1Layer(QuadraticLayer):
    """1/2 x'Qx - <c, x> + <weights, |x|>, for w = (c, weights), weights > 0.

    With Q = A'A + ridge I and c = A'y it is a regularised inverse problem.
    """

    free_inputs = False

    def __init__(self, Q):
        super().__init__(Q)
        self.n_inputs = 2 * len(Q)

    def parts(self, w):
        return w.chunk(2, dim=1)

    def prox(self, v, step, rest):
        return soft_threshold(v, step * rest)

    def on_piece(self, Q, c, x, rest):
        """The minimiser with the signs of x, and its zeros."""
        sign = x.sign()
        return self.face_solve(Q, sign.abs(), c - rest * sign)

    def value(self, x, w):
        c, weights = self.parts(w)
        return ((x @ self.Q / 2 - c) * x + weights * x.abs()).sum(1)

    def grad(self, x):
        return torch.cat([-x, x.abs()], dim=1)

    def adjoint(self, w, solution, v):
        sign = solution.x.sign()
        u = self.face_solve(self.Q, sign.abs(), v)
        return torch.cat([u, -sign * u], dim=1)
