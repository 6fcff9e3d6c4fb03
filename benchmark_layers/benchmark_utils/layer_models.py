"""What stands before a layer and after it: models w(theta), and losses.

Models and losses are callables of double tensors, with samples in rows.
"""
from typing import NamedTuple

import torch


def linear_model(theta, phi):
    """w = Theta phi, for theta (n_inputs, n_features)."""
    return phi @ theta.T


def log_weights(theta, phi):
    """w = (phi, exp(theta)): the same weights for every sample."""
    return torch.cat([phi, theta.exp().expand_as(phi)], dim=1)


class SquaredError(NamedTuple):
    """l(x, target) = ||x - target||^2; the target is a solution.

    Losses whose targets are right inputs of the layer have `inputs`, too.
    """

    def __call__(self, x, target):
        return ((x - target) ** 2).sum(1)

    def solutions(self, target, solve):
        """The solutions that the layer shall return; none is solved for."""
        return target


class Regret(NamedTuple):
    """l(x, target) = L(x, r) - min L(., r), for the right input r.

    The target's columns are r, then the minimum, see `targets`.
    """

    layer: object

    def __call__(self, x, target):
        return self.layer.value(x, target[:, :-1]) - target[:, -1]

    def targets(self, inputs):
        """The targets of inputs r (n_samples, n_inputs)."""
        least = self.layer.value(self.layer.solve(inputs).x, inputs)
        return torch.cat([inputs, least[:, None]], dim=1)

    def inputs(self, target):
        """The right inputs r."""
        return target[:, :-1]

    def solutions(self, target, solve):
        """The solutions in hindsight, by `solve`: w -> a Solution."""
        return solve(self.inputs(target)).x


def loss_and_slope(loss, x, target):
    """The loss of each row, and its gradient in x, of each row."""
    x = x.detach().requires_grad_()
    losses = loss(x, target)
    [slope] = torch.autograd.grad(losses.sum(), x)
    return losses.detach(), slope


def pulled_back(model, theta, phi, pullback):
    """The mean over samples of dw' dtheta/dw, for dw = pullback(w).

    Parameters
    ----------
    model : callable, (theta, phi) -> w
    theta : Tensor
    phi : Tensor, shape (n_samples, n_features)
    pullback : callable, w (n_samples, n_inputs) -> dw, shape of w

    Returns
    -------
    gradient : Tensor, shape of theta
    dw : Tensor, shape (n_samples, n_inputs)
    """
    theta = theta.detach().requires_grad_()
    w = model(theta, phi)
    dw = pullback(w.detach())
    [gradient] = torch.autograd.grad(w, theta, dw / len(dw))
    return gradient, dw
