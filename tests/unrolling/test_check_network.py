"""The check of new layers passes sound ones and finds what is wrong."""
import numpy as np
import pytest
import torch

from unrolling import ALISTA, LISTA, CoupledLISTA, LearnedFISTA, StepLISTA
from unrolling.testing import check_network

LMBD = 0.2


@pytest.fixture
def problem(make_lasso):
    """D (10, 20) of unit atoms, and a batch x (30, 10) as a Tensor."""
    D, x = make_lasso(np.random.default_rng(0), 10, 20, 30)
    return D, torch.tensor(x)


class Leaky(StepLISTA):
    """A layer that writes to its point."""

    def layer(self, z, step):
        return z.sub_(step * self.grad(z))


class Kinked(StepLISTA):
    """A layer whose backward pass forgets half of the derivative."""

    def layer(self, z, step):
        return z - step * self.grad(z.detach())


class Mixing(StepLISTA):
    """A layer that mixes the samples of a batch."""

    def layer(self, z, step):
        return z - step * (self.grad(z) + self.x.mean())


class Scratch(StepLISTA):
    """A layer that writes to an array which the threads' copies share."""

    def __init__(self, D, lmbd):
        super().__init__(D, lmbd)
        self.scratch = torch.zeros(self.D.shape[1], dtype=torch.float64)

    def layer(self, z, step):
        self.scratch.copy_(self.grad(z).detach().mean(dim=0))
        return z - step * self.grad(z)


class LeakyMemory(StepLISTA):
    """A layer that writes to the part of its point that remembers."""

    def start(self):
        z = super().start()
        return z, torch.zeros_like(z)

    def layer(self, point, step):
        z, total = point
        z = z - step * self.grad(z)
        if not torch.is_grad_enabled():
            total.add_(z)
        return z, total + z


@pytest.mark.parametrize(
    "network_class", [Leaky, Kinked, Mixing, Scratch, LeakyMemory])
def test_check_network_finds_what_is_wrong(problem, network_class):
    D, x = problem
    with pytest.raises((AssertionError, RuntimeError)):
        check_network(network_class(D, LMBD), x[:3])


@pytest.mark.parametrize(
    "network_class", [ALISTA, CoupledLISTA, LISTA, LearnedFISTA, StepLISTA])
def test_check_network(problem, network_class):
    D, x = problem
    check_network(network_class(D[:4, :6], LMBD), x[:3, :4])
