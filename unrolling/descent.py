"""Gradient descent with backtracking: how the first networks were trained."""
import copy

import torch

from unrolling.parallel import mapped
from unrolling.stages import adopt, check_finite, parts_of, rows
from unrolling.transforms import FREE, POSITIVE

GROW, SHRINK = 4.0, 0.5
"""What the step is multiplied by after a success, and after a failure."""

LEAST_STEP = 1e-20
LEAST = 1e-10
"""Where parameters are cut off that would not stay positive."""


def descend(network, samples, max_iter, n_threads, bar):
    """Full-batch gradient descent on all parameters, in place.

    Each parameter moves in its own unit (a step is not moved in its
    logarithm), all by one step. A step that does not lower the loss is halved
    until it does; after a success it is four times as long. P. Ablin, T.
    Moreau, M. Massias and A. Gramfort, Learning step sizes for unfolded sparse
    coding, NeurIPS 2019, arXiv:1905.11071, trained so; unlike their package,
    this keeps the last point that was accepted, and a loss that is no number
    counts as a failure. Parameters that have to be positive end at LEAST.

    Parameters
    ----------
    network : UnrolledNetwork
    samples : tuple of Tensor, (x,) or (x, target)
    max_iter : int
        Accepted steps, at most.
    n_threads : int
        Threads that share the samples.
    bar : tqdm

    Raises
    ------
    ValueError
        There are no samples.
    """
    if not len(samples[0]):
        raise ValueError(
            "x must have one sample at least, got 0: give samples to train on")
    variables = variables_of(network)
    loss, gradient = loss_and_gradient(
        network, variables, samples, n_threads)
    check_finite([loss], network)
    step = 1.0
    for _ in range(max_iter):
        while step >= LEAST_STEP:
            trial = moved(network, variables, gradient, step)
            bar.update()
            if mean_loss(with_variables(network, trial), samples,
                         n_threads) < loss:
                break
            step *= SHRINK
        else:
            break
        variables = trial
        loss, gradient = loss_and_gradient(
            network, variables, samples, n_threads)
        bar.set_postfix(loss=f"{loss:.6e}")
        step *= GROW
    adopt(network, with_variables(network, variables))


def transform_of(network, key):
    """The constraint of a parameter, by its name "step" or "3.step"."""
    return network.transforms.get(key.split(".", 1)[-1], FREE)


def variables_of(network):
    """What is moved of each parameter, a dict of Tensor: itself, unless it is
    a matrix that has to stay orthogonal, say."""
    return {key: value.detach() if transform_of(network, key) is POSITIVE
            else transform_of(network, key).encode(value.detach())
            for key, value in network.named_parameters().items()}


def with_variables(network, variables):
    """A copy of the network with these variables."""
    return network.with_parameters({
        key: variable if transform_of(network, key) is POSITIVE
        else transform_of(network, key).decode(variable)
        for key, variable in variables.items()})


def moved(network, variables, gradient, step):
    """The network's variables, moved against the gradient."""
    return {
        key: (variable - step * gradient[key]).clamp(min=LEAST)
        if transform_of(network, key) is POSITIVE
        else variable - step * gradient[key]
        for key, variable in variables.items()}


def mean_loss(network, samples, n_threads):
    """The mean loss of the last layer's output, not safeguarded."""
    @torch.no_grad()  # which is a thread's own
    def of_part(part):
        return part_loss(copy.copy(network), samples, part).item()

    return sum(mapped(of_part, parts_of(samples), n_threads))


def loss_and_gradient(network, variables, samples, n_threads):
    """The mean loss, and its gradient: a Tensor for each variable."""
    def of_part(part):
        own = {key: variable.clone().requires_grad_()
               for key, variable in variables.items()}
        loss = part_loss(with_variables(network, own), samples, part)
        return loss.item(), torch.autograd.grad(
            loss, list(own.values()), materialize_grads=True)

    losses, gradients = zip(
        *mapped(of_part, parts_of(samples), n_threads), strict=True)
    return sum(losses), {key: sum(of) for key, of in zip(
        variables, zip(*gradients, strict=True), strict=True)}


def part_loss(network, samples, part):
    """What some samples, which bind the network, add to the mean loss of its
    output."""
    x, *target = rows(samples, part)
    return network.loss(
        network.forward(x), *target).sum() / len(samples[0])
