"""Networks that are trained on targets are not held back by the cost."""
import numpy as np
import pytest
import torch

from unrolling import CoupledLISTA
from unrolling.training import TrainingError

LMBD = 0.2


@pytest.fixture
def problem(rng, make_lasso):
    """D (10, 20), x (200, 10) without noise, and its codes (200, 20)."""
    D, _ = make_lasso(rng, 10, 20)
    codes = rng.standard_normal((200, 20)) * (rng.random((200, 20)) < 0.1)
    return D, codes @ D.T, codes


def test_targets_switch_the_safeguard_off(problem):
    """The output is the last iterate, of which the loss was minimised, and
    which the cheapest is not for all samples."""
    D, x, codes = problem
    network = CoupledLISTA(D, LMBD).fit(x, 4, target=codes, epochs=3)
    assert not network.guarded
    last = network.forward(torch.tensor(x)).numpy()
    np.testing.assert_allclose(network(x), last, rtol=0, atol=1e-12)
    network.guarded = True
    assert abs(network(x) - last).max() > 1e-2


@pytest.mark.parametrize("guarded", [True, False])
def test_without_targets_the_safeguard_stays_as_it_is(problem, guarded):
    D, x, _ = problem
    network = CoupledLISTA(D, LMBD)
    network.guarded = guarded
    assert network.fit(x, 1, epochs=1).guarded == guarded


def test_minimisers_as_targets_may_keep_the_safeguard(problem):
    D, x, _ = problem
    network = CoupledLISTA(D, LMBD)
    target = network.solve(x)
    network.fit(x, 2, target=target, guarded=True, epochs=1)
    assert network.guarded


def test_a_training_that_fails_leaves_the_safeguard(problem, monkeypatch):
    D, x, codes = problem
    network = CoupledLISTA(D, LMBD)
    monkeypatch.setattr(CoupledLISTA, "loss",
                        lambda self, z, target: z.sum(dim=1) / 0)
    with pytest.raises(TrainingError):
        network.fit(x, 2, target=codes)
    assert network.guarded
