"""Training gives the same network again, in chunks and in silence."""
import pytest
import torch

from unrolling import stages
from unrolling.lasso import lipschitz
from unrolling.training import fit

LMBD = 0.2


def difference(layers, others):
    """The largest relative one between the parameters of two networks."""
    return max((p[k] - q[k]).norm().item() / q[k].norm().item()
               for p, q in zip(layers, others, strict=True) for k in p)


SAME = 1e-6
"""Bound on the difference of two trainings by the same numbers: their last
bit may depend on where arrays lie in memory, and L-BFGS and Adam carry it on.
Those by others differ by more than a hundred times that."""


def test_same_seed_same_network(large_batch, network_class):
    D, x = large_batch

    def train(seed):
        network = network_class(D, LMBD)
        result = fit(network, 2, x[:100], epochs=3, seed=seed)
        return network.layers, result[1:]

    state = torch.random.get_rng_state()
    (layers, losses), (again, same_losses) = train(7), train(7)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert difference(layers, again) <= SAME
    assert losses == pytest.approx(same_losses, rel=SAME)
    assert difference(layers, train(8)[0]) > 100 * SAME


def test_global_seeds_do_not_matter(large_batch, Matrices):
    D, x = large_batch
    results = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        network = Matrices(D, LMBD)
        fit(network, 1, x[:100], epochs=2)
        results.append(network.layers)
    assert difference(*results) <= SAME


def test_silent_where_there_is_no_terminal(large_batch, capfd, Matrices):
    D, x = large_batch
    fit(Matrices(D, LMBD), 1, x[:50], epochs=2)
    assert capfd.readouterr() == ("", "")


def test_the_sum_over_chunks_is_exact(large_batch, monkeypatch, Steps):
    D, x = large_batch
    steps = []
    for chunk in (7, 1000):
        monkeypatch.setattr(stages, "CHUNK", chunk)
        network = Steps(D, LMBD)
        fit(network, 1, x)
        steps.append(network.layers[0]["step"].item() * lipschitz(D))
    # L-BFGS ends where the loss is flat to 1e-15: the step to 1e-7 or so
    assert steps[0] == pytest.approx(steps[1], rel=1e-6)
