"""Regularisers R(w) of images and H(z) of latents, and the losses L + R.

w is (n_samples, n_pixels), as in `benchmark_utils.inverse`. With each R the
w-step of ADMM stays exact: it is the prox of L + R.
"""
import torch

from benchmark_utils.inverse import Nothing
from unrolling.differences import (
    nabla,
    nabla_adjoint,
    nabla_norm2,
    project,
    total_variation,
)
from unrolling.momentum import Momentum

TOL, MOST_STEPS, EVERY = 1e-5, 500, 5
"""A prox without a closed form is computed to this relative duality gap, in so
many steps at most; the gap is looked at so often."""


class Gaussian:
    """H(z) = mu/2 ||z||^2 of latents, (n_problems, n_latent), for mu >= 0.

    Up to a constant it is mu times minus the logarithm of the normal density
    that latents have when the generator is trained, the prior of A. Bora, A.
    Jalal, E. Price and A. G. Dimakis, Compressed sensing using generative
    models, ICML 2017, arXiv:1703.03208. Its curvature is mu everywhere.
    """

    def __init__(self, mu):
        self.mu = mu

    def error(self, z):
        """H of each row, (n_problems,)."""
        return self.mu / 2 * (z**2).sum(1)

    def grad(self, z):
        """The gradient, (n_problems, n_latent)."""
        return self.mu * z


class Free:
    """R(w) = 0."""

    smooth = True

    def __init__(self, shape, lmbd):
        self.shape, self.lmbd = shape, lmbd

    def error(self, w):
        """R of each row, (n_samples,)."""
        return 0 * w[:, 0]

    def grad(self, w):
        """A subgradient in w, (n_samples, n_pixels)."""
        return 0

    def prox(self, v, rho, fit):
        """argmin_w L(w) + R(w) + rho/2 ||w - v||^2, for rho (n_samples, 1).

        fit is L, with a prox of its own.
        """
        return fit.prox(v, rho)


class Dual(Free):
    """Base of R(w) = max_p <K w, p> - R*(p), whose prox with L is that of its
    dual: with w(p) = the prox of L at v - K'p / rho,

    p <- the prox of step R* at p + step K w(p), step = rho / ||K||^2,

    with Nesterov's momentum and restarts, from the p of the call before. The
    dual is smooth, since the problem is rho-strongly convex in w. The gap
    between the costs of a feasible point near w(p) and of p bounds the error:
    ||w - w*||^2 <= 2 gap / rho. A. Beck and M. Teboulle, A fast dual proximal
    gradient algorithm for convex minimization and applications, Oper. Res.
    Lett. 42(1), 2014, doi:10.1016/j.orl.2013.10.007.

    Subclasses have `K`, `adjoint` and `norm2` = ||K||^2, `dual_step(p, step)`,
    `conjugate(p)` and `feasible(w)`.
    """

    last = None
    """p of the call before, (n_samples, n_dual)."""

    def prox(self, v, rho, fit):
        p = torch.zeros_like(self.K(v)) if self.last is None else self.last
        y, momentum, step = p, Momentum(p), rho / self.norm2
        for t in range(1, MOST_STEPS + 1):
            w = fit.prox(v - self.adjoint(y) / rho, rho)
            p = self.dual_step(y + step * self.K(w), step)
            if t % EVERY == 0:
                w, gap, cost = self.certified(v, rho, fit, p)
                if (gap <= TOL * cost).all():
                    break
            y = momentum(y, p)
        self.last = p
        return w

    def certified(self, v, rho, fit, p):
        """The point of p, its duality gap and its cost, (n_samples,)."""
        def cost(w):
            return fit.error(w) + rho[:, 0] / 2 * ((w - v) ** 2).sum(1)

        w = fit.prox(v - self.adjoint(p) / rho, rho)
        bound = cost(w) + (self.K(w) * p).sum(1) - self.conjugate(p)
        w = self.feasible(w)
        value = cost(w) + self.error(w)
        return w, value - bound, value


class Box(Dual):
    """R(w) = 0 where all pixels are in [0, 1], else infinity.

    It is 0 at all images of generators that end in a sigmoid, but not at w,
    which it keeps in the box. On such images it is smooth, with gradient 0.
    """

    norm2 = 1

    def error(self, w):
        return torch.where(((w >= 0) & (w <= 1)).all(1), 0, torch.inf)

    def prox(self, v, rho, fit):
        """In closed form where L has one, see `inverse`."""
        w = fit.prox_in_box(v, rho)
        return super().prox(v, rho, fit) if w is None else w

    def K(self, w):
        return w

    adjoint = K

    def dual_step(self, p, step):
        return p - step * (p / step).clip(0, 1)

    def conjugate(self, p):
        return p.clip(min=0).sum(1)

    def feasible(self, w):
        return w.clip(0, 1)


class TotalVariation(Dual):
    """R(w) = lmbd sum_pixels |nabla w|, with the length of both differences
    at a pixel (isotropic); lmbd (n_samples, 1)."""

    smooth = False

    def __init__(self, shape, lmbd):
        super().__init__(shape, lmbd)
        self.norm2 = nabla_norm2(*shape)

    def error(self, w):
        return self.lmbd[:, 0] * total_variation(
            w.view(-1, *self.shape), isotropic=True)

    def grad(self, w):
        p = nabla(w.view(-1, *self.shape))
        p = p / p.norm(dim=1, keepdim=True).clamp(min=1e-12)
        return self.lmbd * self.adjoint(p.flatten(1))

    def K(self, w):
        return nabla(w.view(-1, *self.shape)).flatten(1)

    def adjoint(self, p):
        return nabla_adjoint(p.view(-1, 2, *self.shape)).flatten(1)

    def dual_step(self, p, step):
        radius = self.lmbd.view(-1, 1, 1, 1)
        return project(
            p.view(-1, 2, *self.shape), radius, isotropic=True).flatten(1)

    def conjugate(self, p):
        return 0

    def feasible(self, w):
        return w


REGULARISERS = {"none": Free, "box": Box, "tv": TotalVariation}
"""Name of a regulariser, as the objective says it -> its class."""


class Regularised:
    """L + R: a loss and a regulariser.

    All but what is written here is that of the loss: A, b, residual, slope,
    curvature, unit and whether it is smooth.

    Parameters
    ----------
    loss : one of `inverse`
    R : Free, Box or TotalVariation
    """

    def __init__(self, loss, R):
        self.loss, self.R = loss, R

    def __getattr__(self, name):
        return getattr(self.loss, name)

    def error(self, w):
        """L + R of each row, (n_samples,)."""
        return self.loss.error(w) + self.R.error(w)

    def grad(self, w):
        """A subgradient of L + R in w, (n_samples, n_pixels)."""
        return self.loss.grad(w) + self.R.grad(w)

    def prox(self, v, rho):
        """argmin_w L(w) + R(w) + rho/2 ||w - v||^2, for rho (n_samples, 1)."""
        return self.R.prox(v, rho, self.loss)

    def shrink(self, v, rho):
        """argmin_w R(w) + rho/2 ||w - v||^2."""
        return self.R.prox(v, rho, Nothing())

    def rows(self, rows):
        """The same for some of the samples, of an R that has no lmbd."""
        return Regularised(self.loss.rows(rows), self.R)
