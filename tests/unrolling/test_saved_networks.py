"""A network that is loaded, copied or unpickled is the one that was saved."""
import copy
import pickle

import numpy as np
import pytest
import torch

from unrolling import SparseEncoder, StepLISTA
from unrolling.files import write_whole
from unrolling.weights import Weights, to_bytes

LMBD = 0.2


@pytest.fixture
def problem(rng, make_lasso):
    """D (10, 20) with unit atoms, and x (30, 10) in B_inf."""
    return make_lasso(rng, 10, 20, 30)


def test_a_file_of_something_else_is_refused(problem, tmp_path):
    D, x = problem
    SparseEncoder(D.T).fit(x).save(tmp_path / "encoder")
    with pytest.raises(ValueError, match="expected the weights of a network"):
        StepLISTA.load(tmp_path / "encoder")


@pytest.mark.parametrize("guarded", [True, False])
def test_the_safeguard_is_saved(problem, tmp_path, guarded):
    D, x = problem
    network = StepLISTA(D, LMBD).grow(3)
    network.layers[2]["step"] *= 20
    network.guarded = guarded
    network.save(tmp_path / "network")
    loaded = StepLISTA.load(tmp_path / "network")
    assert loaded.guarded == guarded
    np.testing.assert_allclose(loaded(x), network(x), rtol=0, atol=1e-12)
    assert guarded == (abs(network(x)).max() < 1)  # it matters here


def test_a_file_that_says_nothing_of_the_safeguard(problem, tmp_path):
    """Written before files said so: safeguarded, as all were then."""
    D, _ = problem
    network = StepLISTA(D, LMBD).grow(1)
    write_whole(tmp_path / "network", to_bytes(Weights(
        network.layers, {"network": "StepLISTA"}, {},
        {"D": network.D, "lmbd": torch.tensor(LMBD)})))
    assert StepLISTA.load(tmp_path / "network").guarded


def test_a_trained_network_keeps_no_samples(problem):
    D, x = problem
    network = StepLISTA(D, LMBD).fit(x, 1)
    assert network.x is None
    assert network.memo == (None, None)
    with pytest.raises(ValueError, match="target must be finite"):
        network.fit(x, 2, target=x)
    assert network.x is None


@pytest.mark.parametrize("copied", [
    copy.copy, copy.deepcopy, StepLISTA.copy,
    lambda network: pickle.loads(pickle.dumps(network))])
def test_copies_hold_no_batch(problem, copied):
    """Nor what was computed of it, though the network is bound to it."""
    D, x = problem
    network, x = StepLISTA(D, LMBD).grow(2), torch.tensor(x)
    z = network.forward(x)
    new = copied(network)
    assert new.x is None
    assert new.memo == (None, None)
    assert network.x is x
    torch.testing.assert_close(new.forward(x), z, rtol=0, atol=1e-12)


@pytest.mark.parametrize("random_state", [
    np.random, np.random.RandomState(0), np.int64(0), 0, None])
def test_an_encoder_is_saved_with_its_seed(problem, tmp_path, random_state):
    """A generator has none that would be its own: it becomes None."""
    D, x = problem
    SparseEncoder(D.T, random_state=random_state).fit(x).save(
        tmp_path / "encoder")
    loaded = SparseEncoder.load(tmp_path / "encoder")
    assert loaded.random_state == (
        random_state if isinstance(random_state, np.int64 | int) else None)
