import torch
from benchmark_utils.latent import Iterate, LatentSolver, decode

MEMORY = 10
"""Differences that are kept."""


class Solver(LatentSolver):
    """L-BFGS on L(G(z)) + H(z), a memory and a step for each problem.

    d = -B grad, B the approximate inverse Hessian, by the two loops over the
    last ten differences, then z <- z + t d, where t = 1, 1/2, ... is the first
    that satisfies Armijo's condition. Where 20 of them fail, z stays and its
    memory is dropped; where they fail again, along the gradient, it stays for
    good. J. Nocedal, Updating quasi-Newton matrices with limited storage,
    Math. Comp. 35(151), 1980, doi:10.1090/S0025-5718-1980-0572855-7. An
    iteration costs one of GD and an evaluation of G for each t that is
    tried.
    """

    name = "L-BFGS"
    parameters = {"device": ["cpu"]}
    needs = {"smooth": "a smooth loss"}

    def iterates(self, z):
        image, pull = decode(self.G, z)
        grad, pairs = pull(self.fit.grad(image)) + self.H.grad(z), []
        failures = torch.zeros_like(z[:, :1])
        while True:
            yield Iterate(z, image)
            d = two_loops(grad, pairs)
            step = self.armijo(z, image, d, dot(grad, d), failures < 2)
            failures = torch.where(step > 0, 0, failures + 1)
            s, before = step * d, grad
            image, pull = decode(self.G, z + s)
            z = z + s
            grad = pull(self.fit.grad(image)) + self.H.grad(z)
            y = grad - before
            curved = dot(s, y) > 1e-10 * dot(y, y)
            rho = torch.where(curved, 1 / dot(s, y), 0)
            pairs = [(s, y, torch.where(step > 0, rho, 0)) for s, y, rho in
                     [*pairs, (s, y, rho)][-MEMORY:]]

    @torch.no_grad()
    def armijo(self, z, image, d, slope, tried):
        """The step of each problem, (n_problems, 1); 0 where none will do, or
        where it is not to be tried."""
        cost, step = self.cost(z, image), torch.zeros_like(slope)
        rows = tried[:, 0].nonzero()[:, 0]
        for halvings in range(20):
            t = 0.5**halvings
            trial = z[rows] + t * d[rows]
            enough = (self.fit.rows(rows).error(self.G(trial))
                      + self.H.error(trial)
                      <= cost[rows] + 1e-4 * t * slope[rows, 0])
            step[rows[enough]] = t
            rows = rows[~enough]
            if not len(rows):
                break
        return step


def two_loops(grad, pairs):
    """-B grad, of length 1 without pairs (s, y, rho), where rho = 1 / s'y."""
    q, scale = grad, 1 / dot(grad, grad).sqrt().clamp(min=1e-30)
    alphas = []
    for s, y, rho in reversed(pairs):
        alphas.append(rho * dot(s, q))
        q = q - alphas[-1] * y
    for s, y, rho in pairs:
        scale = torch.where(rho > 0, dot(s, y) / dot(y, y), scale)
    q = scale * q
    for (s, y, rho), alpha in zip(pairs, reversed(alphas), strict=True):
        q = q + s * (alpha - rho * dot(y, q))
    return -q


def dot(a, b):
    """Inner products of the rows, (n_problems, 1)."""
    return (a * b).sum(1, keepdim=True)
