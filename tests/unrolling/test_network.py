"""Untrained networks are the algorithm; guarded ones never do harm."""
import numpy as np
import pytest
import torch

from unrolling.lasso import lasso_cost, lipschitz, solve_lasso
from unrolling.lasso.network import LassoNetwork
from unrolling.prox import soft_threshold

LMBD = 0.2
ABSURD = [1e6, float("inf"), float("nan")]


class Ista(LassoNetwork):
    """One step per layer."""

    def init_layer(self, t):
        return {"step": 1 / self.L}

    def layer(self, z, step):
        return soft_threshold(z - step * self.grad(z), step * self.lmbd)


class Matrix(LassoNetwork):
    """A matrix and a threshold per atom in each layer; no `self.grad`."""

    def init_layer(self, t):
        return {"W": self.D / self.L,
                "threshold": [self.lmbd / self.L] * self.D.shape[1]}

    def layer(self, z, W, threshold):
        return soft_threshold(z - (z @ self.D.T - self.x) @ W, threshold)


@pytest.fixture
def problem():
    """D (10, 20) of unit atoms, and a batch x (30, 10) as a Tensor."""
    rng = np.random.default_rng(0)
    D = rng.standard_normal((10, 20))
    D /= np.linalg.norm(D, axis=0)
    x = rng.standard_normal((30, 10))
    return D, torch.tensor(x / abs(x @ D).max(axis=1, keepdims=True))


def ista(D, x, n_iter):
    """The algorithm itself."""
    z, step = np.zeros((len(x), D.shape[1])), 1 / lipschitz(D)
    for _ in range(n_iter):
        v = z - step * (z @ D.T - x) @ D
        z = np.sign(v) * np.maximum(abs(v) - step * LMBD, 0)
    return z


@pytest.mark.parametrize("n_layers", [0, 1, 2, 20])
@pytest.mark.parametrize("network_class", [Ista, Matrix])
def test_untrained_layers_are_ista(problem, network_class, n_layers):
    D, x = problem
    network = network_class(D, LMBD).grow(n_layers)
    expected = ista(D, x.numpy(), n_layers)
    # a few roundings a layer, and the map of a layer is nonexpansive
    for z in (network(x), network.forward(x)):
        np.testing.assert_allclose(z, expected, rtol=0,
                                   atol=1e-14 * max(n_layers, 1))


def test_iterates_and_warm_start(problem):
    D, x = problem
    network = Ista(D, LMBD).grow(5)
    points = list(network.points(x))
    assert len(points) == 6
    for first in range(6):
        z = network.forward(x, points[first], first)
        torch.testing.assert_close(z, points[-1], rtol=0, atol=0)


def test_cost_and_gradient(problem):
    D, x = problem
    network = Ista(D, LMBD)
    network.bind(x)
    z = torch.randn(30, 20, dtype=torch.float64,
                    generator=torch.Generator().manual_seed(0))
    cost = lasso_cost(z.numpy(), D, x.numpy(), LMBD)
    np.testing.assert_allclose(network.cost(z), cost, rtol=1e-14)
    variable = z.clone().requires_grad_()
    fit = network.cost(variable) - LMBD * variable.abs().sum(dim=1)
    fit.sum().backward()
    np.testing.assert_allclose(
        network.grad(z), variable.grad, rtol=0, atol=1e-12)


def test_residual_is_that_of_the_present_batch(problem):
    """The same point with another batch must not find the old residual."""
    D, x = problem
    network = Ista(D, LMBD)
    z = torch.ones(30, 20, dtype=torch.float64)
    for batch in (x, 2 * x):
        network.bind(batch)
        torch.testing.assert_close(
            network.residual(z), z @ torch.tensor(D).T - batch)


@pytest.mark.parametrize("step", ABSURD)
@pytest.mark.parametrize("position", [0, 3, 5])
def test_guard_never_above_the_start(problem, step, position):
    D, x = problem
    network = Ista(D, LMBD).grow(6)
    network.layers[position]["step"] = torch.tensor(
        step / network.L, dtype=torch.float64)
    z = network(x)
    assert torch.isfinite(z).all()
    start = 0.5 * (x**2).sum(dim=1)
    cost = lasso_cost(z.numpy(), D, x.numpy(), LMBD)
    assert (torch.tensor(cost) <= start * (1 + 1e-12)).all()
    before = lasso_cost(ista(D, x.numpy(), position), D, x.numpy(), LMBD)
    assert (cost <= before * (1 + 1e-12)).all()


def test_guard_returns_the_best_iterate_of_each_sample(problem):
    D, x = problem
    network = Ista(D, LMBD).grow(8)
    for t, factor in enumerate([1, 3, 0.5, 6, 1, 2, 9, 4]):
        network.layers[t]["step"] = network.layers[t]["step"] * factor
    points = torch.stack(list(network.points(x)))
    costs = torch.stack([network.cost(z) for z in points])
    least, best = costs.min(dim=0)
    assert len(best.unique()) > 2  # the test has samples of several kinds
    torch.testing.assert_close(network(x), points[best, torch.arange(30)],
                               rtol=0, atol=1e-13)


def test_guard_is_forward_when_the_layers_descend(problem):
    D, x = problem
    network = Ista(D, LMBD).grow(10)
    # batches of another size: each layer's sums of 20 products of numbers of
    # order 1 may be added in another order
    torch.testing.assert_close(network(x), network.forward(x), rtol=0,
                               atol=10 * 20 * torch.finfo(x.dtype).eps)


@pytest.mark.parametrize("factor", [1, 5])
def test_a_sample_does_not_see_its_batch(problem, factor):
    D, x = problem
    network = Ista(D, LMBD).grow(6)
    for parameters in network.layers:
        parameters["step"] = factor * parameters["step"]
    z = network(x)
    alone = torch.cat([network(row[None]) for row in x])
    torch.testing.assert_close(z, alone, rtol=0, atol=1e-12)
    for batch_size in (1, 7, 30, 1000):
        torch.testing.assert_close(
            network(x, batch_size=batch_size), z, rtol=0, atol=1e-12)
    order = torch.arange(29, -1, -1)
    torch.testing.assert_close(network(x[order]), z[order], rtol=0,
                               atol=1e-12)


@pytest.mark.parametrize("n_threads", [1, 3])
def test_batches_on_several_threads(problem, n_threads):
    """As one after the other, and torch has its threads back."""
    D, x = problem
    network = Ista(D, LMBD).grow(6)
    for parameters in network.layers:
        parameters["step"] *= 5  # so that the guard runs some again
    expected = network(x, batch_size=len(x))
    before = torch.get_num_threads()
    torch.set_num_threads(n_threads)
    try:
        z = network(x.requires_grad_(), batch_size=2)
        assert torch.get_num_threads() == n_threads
    finally:
        torch.set_num_threads(before)
    assert not z.requires_grad
    torch.testing.assert_close(z, expected, rtol=0, atol=1e-12)
    with torch.inference_mode():
        z = network(x, batch_size=2)
    torch.testing.assert_close(z, expected, rtol=0, atol=1e-12)


def test_one_bad_sample_does_not_harm_the_others(problem):
    D, x = problem
    network = Ista(D, LMBD).grow(4)
    expected = network(x)
    x = x.clone()
    x[3] = float("nan")
    z = network(x)
    others = torch.arange(30) != 3
    torch.testing.assert_close(z[others], expected[others], rtol=0,
                               atol=1e-13)


def test_empty_batch(problem):
    network = Ista(problem[0], LMBD).grow(2)
    assert network(problem[1][:0]).shape == (0, 20)


def test_to_float32_is_a_copy(problem):
    D, x = problem
    network = Matrix(D, LMBD).grow(3)
    single = network.to(dtype=torch.float32)
    z = single(x.float())
    assert z.dtype == torch.float32
    # 3 layers of sums of 20 products of numbers of order 1
    torch.testing.assert_close(z.double(), network(x), rtol=0, atol=1e-5)
    single.layers[0]["W"] += 1
    assert network.layers[0]["W"].dtype == torch.float64
    torch.testing.assert_close(network.layers[0]["W"], torch.tensor(D)
                               / network.L)
    assert network.D.dtype == torch.float64


def test_with_layers_and_grow(problem):
    D, x = problem
    network = Ista(D, LMBD).grow(2)
    longer = network.with_layers(network.layers).grow(5)
    assert [len(network.layers), len(longer.layers)] == [2, 5]
    assert longer.grow(3) is longer
    assert len(longer.layers) == 5
    shorter = longer.with_layers(longer.layers[:1])
    np.testing.assert_allclose(shorter(x), ista(D, x.numpy(), 1),
                               rtol=0, atol=1e-14)
    assert len(longer.layers) == 5


def test_n_parameters(problem):
    D, _ = problem
    assert Ista(D, LMBD).n_parameters == 0
    assert Ista(D, LMBD).grow(7).n_parameters == 7
    assert Matrix(D, LMBD).grow(3).n_parameters == 3 * (10 * 20 + 20)


@pytest.mark.parametrize("factor", [0.01, 1.0, 1.9, 100.0])
def test_a_solution_is_a_fixed_point_for_any_step(problem, factor):
    D, x = problem
    solution = torch.tensor(solve_lasso(D, x.numpy(), LMBD, 1e-14).z)
    network = Ista(D, LMBD)
    network.bind(x)
    step = factor / network.L
    moved = (network.layer(solution, torch.tensor(step)) - solution).abs()
    # the optimality conditions hold up to sqrt(2 gap) ~ 1e-7, times the step
    assert moved.max() <= 1e-7 * max(step, 1)


def test_a_solution_moves_under_another_matrix(problem):
    D, x = problem
    solution = torch.tensor(solve_lasso(D, x.numpy(), LMBD, 1e-14).z)
    network = Matrix(D, LMBD).grow(1)
    network.bind(x)
    exact = network.layer(solution, **network.layers[0]) - solution
    assert exact.abs().max() <= 1e-7
    noise = torch.randn(10, 20, dtype=torch.float64,
                        generator=torch.Generator().manual_seed(1))
    network.layers[0]["W"] += 0.05 * noise / network.L
    moved = network.layer(solution, **network.layers[0]) - solution
    assert moved.abs().max() >= 1e-3


@pytest.mark.parametrize("network_class", [Ista, Matrix])
def test_gradcheck_of_a_layer(problem, network_class):
    """In the point and in every parameter of the layer."""
    D, x = problem
    network = network_class(D[:4, :6], LMBD).grow(1)
    network.bind(x[:3, :4])
    names = list(network.layers[0])
    z = torch.randn(3, 6, dtype=torch.float64, requires_grad=True,
                    generator=torch.Generator().manual_seed(2))

    def layer(z, *values):
        network.bind(network.x)
        return network.layer(z, **dict(zip(names, values, strict=True)))

    values = [v.clone().requires_grad_() for v in network.layers[0].values()]
    assert torch.autograd.gradcheck(layer, (z, *values))
