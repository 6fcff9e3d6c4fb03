"""Optimisation layers x*(w) = argmin_x L(x, w), for many inputs w at once.

Inputs w (n_samples, n_inputs) and solutions x (n_samples, n_dim) are rows, and
double tensors. L is linear in w for every layer here, so that its gradient in
w is a function of x alone.
"""
from typing import NamedTuple

import torch

from benchmark_utils.feasible_sets import (
    project_permutahedron,
    project_simplex,
)


class Solution(NamedTuple):
    """What a layer's forward solver returns."""

    x: torch.Tensor
    """(n_samples, n_dim)"""
    n_iter: float
    """Iterations of the forward solver, mean over the samples."""
    dual: torch.Tensor = None
    """What the layer's derivative needs beside x."""


class Layer:
    """Base of the layers: what a method may ask for.

    `augmentable` says whether `solve` takes rho > 0, `unrollable` whether the
    layer has an iterative solver that autograd can differentiate, and
    `n_inputs` how many columns w has.
    """

    augmentable = unrollable = True
    n_inputs = None
    free_inputs = True
    """Whether the layer is defined for every w."""

    def solve(self, w, linear=0.0, rho=0.0, center=0.0, start=None):
        """argmin_x L(x, w) + <linear, x> + rho/2 ||x - center||^2.

        Parameters
        ----------
        w : Tensor, shape (n_samples, n_inputs)
        linear, center : Tensor, shape (n_samples, n_dim), or 0
        rho : float >= 0
        start : Tensor, shape (n_samples, n_dim)
            Where an iterative solver starts; None for its own start.

        Returns
        -------
        Solution
        """
        raise NotImplementedError(f"{type(self).__name__}.solve")

    def value(self, x, w):
        """L(x, w) of each row whose x is feasible, (n_samples,)."""
        raise NotImplementedError(f"{type(self).__name__}.value")

    def grad(self, x):
        """The gradient of L(x, w) in w, (n_samples, n_inputs)."""
        return -x

    def adjoint(self, w, solution, v):
        """J' v of each row, with J the derivative of x* in w.

        Where x* has a kink, J is that of one of the pieces.
        """
        raise NotImplementedError(f"{type(self).__name__}.adjoint")

    def unroll(self, w, n_iter):
        """x after n_iter iterations of a solver, differentiable by autograd.
        """
        raise NotImplementedError(f"{type(self).__name__}.unroll")


class ProjectionLayer(Layer):
    """L(x, w) = -<w, x> + gamma/2 ||x||^2 on a convex set.

    x*(w) is the projection of w / gamma. A subclass writes `project(v)`,
    which returns a Solution, and `tangent(solution, v)`, the product of v with
    the projection's derivative, a symmetric matrix.

    Parameters
    ----------
    n_inputs : int
        The dimension of x and of w.
    gamma : float > 0
        As it tends to 0, the layer tends to a linear program.
    """

    def __init__(self, n_inputs, gamma):
        self.n_inputs, self.gamma = n_inputs, gamma

    def solve(self, w, linear=0.0, rho=0.0, center=0.0, start=None):
        return self.project(
            (w - linear + rho * center) / (self.gamma + rho))

    def value(self, x, w):
        return ((self.gamma / 2 * x - w) * x).sum(1)

    def adjoint(self, w, solution, v):
        return self.tangent(solution, v) / self.gamma


class SimplexLayer(ProjectionLayer):
    """The set is the simplex, x >= 0 and sum(x) = 1."""

    def project(self, v):
        return Solution(project_simplex(v), 1)

    def tangent(self, solution, v):
        """v minus its mean, on the positive entries of x."""
        active = (solution.x > 0).to(v)
        mean = (v * active).sum(1, keepdim=True) / active.sum(1, keepdim=True)
        return active * (v - mean)

    def unroll(self, w, n_iter):
        """Mirror descent from the centre, x <- softmax(log x - grad L/gamma).

        A. Beck and M. Teboulle, Mirror descent and nonlinear projected
        subgradient methods for convex optimization, Oper. Res. Lett. 31(3),
        2003, doi:10.1016/S0167-6377(02)00231-6. gamma ||x||^2 / 2 is
        gamma-smooth relative to the entropy, so that the step 1/gamma is safe.
        """
        x = torch.full_like(w, 1 / w.shape[1])
        logits = torch.zeros_like(w)
        for _ in range(n_iter):
            logits = logits + w / self.gamma - x
            x = logits.softmax(1)
        return x


class EntropyLayer(Layer):
    """L(x, w) = -<w, x> + gamma sum x log x on the simplex.

    x*(w) = softmax(w / gamma): the simplex layer whose derivative exists and
    is not 0 everywhere.
    """

    augmentable = False

    def __init__(self, n_inputs, gamma):
        self.n_inputs, self.gamma = n_inputs, gamma

    def solve(self, w, linear=0.0, rho=0.0, center=0.0, start=None):
        if rho:
            raise ValueError(f"rho must be 0, got {rho}: the entropy layer's "
                             "augmented problem has no closed form")
        return Solution(((w - linear) / self.gamma).softmax(1), 1)

    def value(self, x, w):
        return (self.gamma * torch.xlogy(x, x) - w * x).sum(1)

    def adjoint(self, w, solution, v):
        x = solution.x
        return x * (v - (x * v).sum(1, keepdim=True)) / self.gamma

    def unroll(self, w, n_iter):
        """Mirror descent from the centre, with half the step that is exact."""
        logits = torch.zeros_like(w)
        for _ in range(n_iter):
            logits = (logits + w / self.gamma) / 2
        return logits.softmax(1)


class PermutahedronLayer(ProjectionLayer):
    """The set is the hull of the permutations of (0, 1/(n-1), ..., 1).

    x*(w) are soft ranks of w. M. Blondel, O. Teboul, Q. Berthet and J.
    Djolonga, Fast differentiable sorting and ranking, ICML 2020,
    arXiv:2002.08871.
    """

    unrollable = False

    def project(self, v):
        x, dual = project_permutahedron(v)
        return Solution(x, 1, dual)

    def tangent(self, solution, v):
        """v minus its mean over each block of pooled entries."""
        dual = solution.dual
        same = (dual[:, :, None] == dual[:, None, :]).to(v)
        mean = (same @ v[..., None])[..., 0] / same.sum(2)
        return v - mean
