"""A safeguarded network never costs more than one of its iterates."""
import numpy as np
import pytest
import torch

from unrolling import StepLISTA
from unrolling.lasso import lasso_cost

LMBD = 0.2

ABSURD = [1e6, float("inf"), float("nan")]


@pytest.fixture
def problem(make_lasso):
    """D (10, 20) of unit atoms, and a batch x (30, 10) as a Tensor."""
    D, x = make_lasso(np.random.default_rng(0), 10, 20, 30)
    return D, torch.tensor(x)


@pytest.mark.parametrize("step", ABSURD)
@pytest.mark.parametrize("position", [0, 3, 5])
def test_guard_never_above_the_start(problem, step, position):
    D, x = problem
    network = StepLISTA(D, LMBD).grow(6)
    network.layers[position]["step"] = torch.tensor(
        step / network.L, dtype=torch.float64)
    z = network(x)
    assert torch.isfinite(z).all()
    start = 0.5 * (x**2).sum(dim=1)
    cost = lasso_cost(z.numpy(), D, x.numpy(), LMBD)
    assert (torch.tensor(cost) <= start * (1 + 1e-12)).all()
    good = StepLISTA(D, LMBD).grow(position).forward(x).numpy()
    before = lasso_cost(good, D, x.numpy(), LMBD)
    assert (cost <= before * (1 + 1e-12)).all()


def test_guard_returns_the_best_iterate_of_each_sample(problem):
    D, x = problem
    network = StepLISTA(D, LMBD).grow(8)
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
    network = StepLISTA(D, LMBD).grow(10)
    # batches of another size: each layer's sums of 20 products of numbers of
    # order 1 may be added in another order
    torch.testing.assert_close(network(x), network.forward(x), rtol=0,
                               atol=10 * 20 * torch.finfo(x.dtype).eps)


def test_a_sample_that_overflows_does_not_harm_the_others(problem):
    """Its cost is infinite at the start, and whatever its code."""
    D, x = problem
    network = StepLISTA(D, LMBD).grow(4)
    expected = network(x)
    x = x.clone()
    x[3] = 1e200
    z = network(x)
    others = torch.arange(30) != 3
    torch.testing.assert_close(z[others], expected[others], rtol=0,
                               atol=1e-13)
