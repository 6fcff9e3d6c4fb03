"""Training where there is little to train on, or nothing to start from."""
import numpy as np
import pytest
import torch

from unrolling import CoupledLISTA, StepLISTA
from unrolling.lasso.network import LassoNetwork
from unrolling.stages import Offsets
from unrolling.training import split

LMBD = 0.2


@pytest.fixture
def problem(rng, make_lasso):
    """D (10, 20) with unit atoms, and x (60, 10) in B_inf."""
    return make_lasso(rng, 10, 20, 60)


class FromZero(LassoNetwork):
    """A step of ISTA and a matrix of its own, which starts at zero."""

    def init_layer(self, t):
        return {"step": 1 / self.L, "M": np.zeros((20, 20))}

    def layer(self, z, step, M):
        return self.proximal_step(
            z, self.grad(z) + z @ M, step, step * self.lmbd)


def test_a_matrix_that_starts_at_zero_is_trained(problem):
    D, x = problem
    network = FromZero(D, LMBD).fit(x, 2, epochs=5)
    assert network.layers[1]["M"].any()


@pytest.mark.parametrize("validation", [0.01, 0.5, 0.99])
@pytest.mark.parametrize("n_samples", [2, 3, 10])
def test_a_sample_trains_and_one_validates(n_samples, validation):
    parts = split(n_samples, validation, seed=0)
    assert min(map(len, parts)) >= 1
    assert sorted(torch.cat(parts).tolist()) == list(range(n_samples))


def test_two_samples_suffice(problem):
    D, x = problem
    network = StepLISTA(D, LMBD).fit(x[:2], 2, validation=0.9)
    assert len(network.layers) == 2


def test_decay_is_a_share_per_epoch_at_the_peak(problem):
    """Without gradients the offsets fall by it; at a tenth of the learning
    rate, by a tenth of it."""
    D, _ = problem
    network = CoupledLISTA(D, LMBD).grow(1)
    network.layers[0]["W"] = 1.5 * network.layers[0]["W"]
    left = []
    for rate in (1, 0.1):
        offsets, n_batches = Offsets(network), 200
        adam = offsets.optimizer(1e-3, 0.5, n_batches)
        offset = offsets.offset["0.W"]
        before = offset.detach().clone()
        for group in adam.param_groups:
            group["lr"] *= rate
        for value in offsets.offset.values():
            value.grad = torch.zeros_like(value)
        for _ in range(n_batches):
            adam.step()
        left.append((offset.detach() / before).mean().item())
    # (1 - decay / n)^n is exp(-decay) but for 1/n
    np.testing.assert_allclose(left, np.exp([-0.5, -0.05]), rtol=5e-3)


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_training_where_no_gradients_are_recorded(small_batch, Steps, mode):
    D, x = small_batch
    trained, usual = Steps(D, LMBD), Steps(D, LMBD)
    with mode():
        trained.fit(x.numpy(), n_layers=2)
    usual.fit(x.numpy(), n_layers=2)
    np.testing.assert_allclose(
        trained(x.numpy()), usual(x.numpy()), atol=1e-6)


def test_scalars_of_a_network_in_single_precision(small_batch, Steps):
    D, x = small_batch
    network = Steps(D, LMBD).to(dtype=torch.float32).fit(x, n_layers=2)
    assert {v.dtype for v in network.named_parameters().values()} == {
        torch.float32}
