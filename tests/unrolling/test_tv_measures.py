"""The derivative of the prox at a network's points is what is measured."""
import numpy as np
import pytest
import torch

from unrolling.prox import prox_tv
from unrolling.tv import measures
from unrolling.tv.networks import LPGD


@pytest.fixture
def network_and_samples():
    rng = np.random.default_rng(0)
    A = rng.standard_normal((5, 8))
    x = torch.tensor(rng.standard_normal((40, 5)))
    return LPGD(A, 0.3).grow(3), x


def test_exact_derivative(network_and_samples):
    """Central differences with h = 1e-6 are right to about 1e-16 / 1e-6."""
    metrics = network_and_samples[0].layer_metrics(
        network_and_samples[1], at_solutions=True)
    assert len(metrics["jacobian_error"]) == 3
    assert max(metrics["jacobian_error"]) < 1e-8
    assert min(metrics["jacobian_stable"]) > 0.9


def straight_through(v, t):
    """The prox, with the derivative in v of the identity."""
    return v + (prox_tv(v, t) - v).detach() + prox_tv(v.detach(), t) - (
        prox_tv(v, t)).detach()


def of_the_other_sign(v, t):
    """The prox, with minus its derivative in t."""
    return prox_tv(v, 2 * torch.as_tensor(t).detach() - t)


@pytest.mark.parametrize("wrong", [straight_through, of_the_other_sign])
def test_a_wrong_derivative_is_seen(network_and_samples, monkeypatch, wrong):
    """In the point, and in the penalty."""
    monkeypatch.setattr(measures, "prox_tv", wrong)
    network, x = network_and_samples
    metrics = network.layer_metrics(x, at_solutions=True)
    assert min(metrics["jacobian_error"]) > 0.1


def test_nothing_is_measured_unasked(network_and_samples):
    network, x = network_and_samples
    assert network.layer_metrics(x) == {}
