"""Networks for TV regression: untrained they are PGD, trained they are better.
"""
import numpy as np
import pytest
import torch

from unrolling import (
    LPGD,
    CoupledLPGD,
    StepLPGD,
    check_network,
    lipschitz,
    prox_tv,
    solve_tv,
)
from unrolling.tv import best_constant, tv_cost, tv_lmbd_max

NETWORKS = pytest.mark.parametrize("network", [StepLPGD, LPGD, CoupledLPGD])


@pytest.fixture
def problem(rng):
    """A, and noisy blocks x in its units: their lmbd_max is 1."""
    A = rng.standard_normal((6, 9))
    jumps = rng.standard_normal((200, 9)) * (rng.uniform(size=(200, 9)) < 0.2)
    x = jumps.cumsum(axis=1) @ A.T + 0.3 * rng.standard_normal((200, 6))
    return A, x / tv_lmbd_max(A, x)[:, None]


@NETWORKS
@pytest.mark.parametrize("lmbd", [0.05, 0.5])
def test_layers(network, problem, lmbd):
    A, x = problem
    check_network(network(A, lmbd), x[:4], n_layers=3)


@NETWORKS
def test_untrained_it_is_proximal_gradient_descent(network, problem):
    A, x = problem
    u = np.repeat(best_constant(A, x)[:, None], 9, axis=1)
    step = 1 / lipschitz(A)
    for depth in range(4):
        layers = network(A, 0.1).grow(depth)
        np.testing.assert_allclose(layers(x), u, atol=1e-12)
        layers.bind(torch.tensor(x))
        np.testing.assert_allclose(
            layers.cost(torch.tensor(u)), tv_cost(u, A, x, 0.1), rtol=1e-12)
        u = prox_tv(u - step * (u @ A.T - x) @ A, 0.1 * step)


@NETWORKS
def test_training_comes_closer(network, problem):
    A, x = problem
    train, held_out = x[:150], x[150:]
    optimum = tv_cost(solve_tv(A, held_out, 0.1, 1e-12).u, A, held_out, 0.1)
    untrained = network(A, 0.1).grow(4)
    trained = network(A, 0.1).fit(train, 4, epochs=3)
    before, after = (
        (tv_cost(one(held_out), A, held_out, 0.1) - optimum).mean()
        for one in (untrained, trained))
    assert 0 <= after < 0.5 * before


@NETWORKS
def test_no_sample_costs_more_than_its_best_constant(network, problem):
    """Safeguarded, whatever the learned values are."""
    A, x = problem
    layers = network(A, 0.1).grow(3)
    wild = layers.with_layers([
        {name: 40 * value for name, value in layer.items()}
        for layer in layers.layers])
    u = np.repeat(best_constant(A, x)[:, None], 9, axis=1)
    start = tv_cost(u, A, x, 0.1)
    assert (tv_cost(wild(x), A, x, 0.1) <= start * (1 + 1e-12)).all()


@NETWORKS
def test_saved_and_in_float32(network, problem, tmp_path):
    A, x = problem
    layers = network(A, 0.1).grow(2)
    layers.save(tmp_path / "weights")
    loaded = network.load(tmp_path / "weights", A=A, lmbd=0.1)
    np.testing.assert_allclose(loaded(x), layers(x), rtol=0, atol=1e-12)
    single = layers.to(dtype=torch.float32)
    np.testing.assert_allclose(single(x), layers(x), atol=1e-4)


def test_solutions(problem):
    A, x = problem
    u = StepLPGD(A, 0.2).solve(torch.tensor(x))
    np.testing.assert_allclose(
        tv_cost(u, A, x, 0.2),
        tv_cost(solve_tv(A, x, 0.2, 1e-12).u, A, x, 0.2), rtol=1e-8)


def test_another_start(problem, tmp_path):
    """Samples times the map; it is kept by files and copies."""
    A, x = problem
    network = LPGD(A, 0.1, np.linalg.pinv(A)).fit(x[:50], 2, epochs=1)
    network.save(tmp_path / "network")
    loaded = LPGD.load(tmp_path / "network", start_map=np.linalg.pinv(A))
    expected = np.linalg.lstsq(A, x.T)[0].T
    for one in (network, loaded):
        np.testing.assert_allclose(
            one.with_layers([])(x), expected, atol=1e-12)
    np.testing.assert_array_equal(loaded(x), network(x))


def test_constants_that_vanish(rng):
    """Where A1 = 0, zero is as good a constant as any."""
    A = np.diff(np.eye(8), axis=0)
    x = rng.standard_normal((5, 7))
    assert not StepLPGD(A, 0.1)(x).any()
    check_network(StepLPGD(A, 0.1), x)


@pytest.mark.parametrize(("A", "lmbd", "message"), [
    (np.ones(3), 1.0, "A must be a 2-D array"),
    (np.full((3, 2), np.nan), 1.0, "A must be finite"),
    (np.zeros((3, 2)), 1.0, "A must not be zero"),
    (np.ones((3, 2)), 0.0, "lmbd must be positive"),
    (np.ones((3, 2)), np.ones(4), "lmbd must be one number"),
])
def test_bad_input(A, lmbd, message):
    with pytest.raises(ValueError, match=message):
        LPGD(A, lmbd)


@pytest.mark.parametrize("start_map", [
    np.ones((2, 3)), np.ones(3), np.full((3, 2), np.nan)])
def test_bad_starts(start_map):
    with pytest.raises(ValueError, match="start_map must be finite and have"):
        LPGD(np.ones((2, 3)), 0.1, start_map)
