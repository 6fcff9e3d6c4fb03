"""Untrained networks are the algorithm; trained ones are saved and loaded."""
import numpy as np
import pytest
import torch

from unrolling.lasso import lasso_cost, lipschitz, solve_lasso
from unrolling.lasso.network import LassoNetwork
from unrolling.prox import soft_threshold

LMBD = 0.2


class Matrix(LassoNetwork):
    """A matrix and a threshold per atom in each layer; no `self.grad`."""

    def init_layer(self, t):
        return {"W": self.D / self.L,
                "threshold": [self.lmbd / self.L] * self.D.shape[1]}

    def layer(self, z, W, threshold):
        return soft_threshold(z - (z @ self.D.T - self.x) @ W, threshold)


@pytest.fixture(params=["Steps", "Matrix"])
def network_class(request, Steps):
    """A network whose untrained layers are ISTA."""
    return {"Steps": Steps, "Matrix": Matrix}[request.param]


def ista(D, x, n_iter, step=None):
    """The algorithm itself, by default with its own step."""
    z, step = np.zeros((len(x), D.shape[1])), step or 1 / lipschitz(D)
    for _ in range(n_iter):
        v = z - step * (z @ D.T - x) @ D
        z = np.sign(v) * np.maximum(abs(v) - step * LMBD, 0)
    return z


@pytest.mark.parametrize("n_layers", [0, 1, 2, 20])
def test_untrained_layers_are_ista(small_batch, network_class, n_layers):
    D, x = small_batch
    network = network_class(D, LMBD).grow(n_layers)
    expected = ista(D, x.numpy(), n_layers)
    # a few roundings a layer, and the map of a layer is nonexpansive
    for z in (network(x), network.forward(x)):
        np.testing.assert_allclose(z, expected, rtol=0,
                                   atol=1e-14 * max(n_layers, 1))


def test_iterates_and_warm_start(small_batch, Steps):
    D, x = small_batch
    network = Steps(D, LMBD).grow(5)
    points = list(network.points(x))
    assert len(points) == 6
    for first in range(6):
        z = network.forward(x, points[first], first)
        torch.testing.assert_close(z, points[-1], rtol=0, atol=1e-12)


def test_cost_and_gradient(small_batch, Steps):
    D, x = small_batch
    network = Steps(D, LMBD)
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


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_save_and_load(small_batch, tmp_path, network_class, dtype):
    D, x = small_batch
    network = network_class(D, LMBD).to(dtype=dtype)
    network.fit(x, n_layers=2, epochs=1)
    path = tmp_path / "folder" / "network.safetensors"
    network.save(path)
    for loaded in (network_class.load(path),
                   network_class.load(path, lmbd=LMBD)):
        assert loaded.dtype == dtype
        for ours, theirs in zip(
                [loaded.shared, *loaded.layers],
                [network.shared, *network.layers], strict=True):
            assert ours.keys() == theirs.keys()
            assert all(torch.equal(ours[k], theirs[k]) for k in ours)
        # several threads may add in another order: a layer adds 30 terms
        torch.testing.assert_close(
            loaded(x), network(x), rtol=0, atol=100 * torch.finfo(dtype).eps)


def test_weights_of_another_problem_are_refused(small_batch, tmp_path, Steps):
    D, x = small_batch
    path = tmp_path / "network.safetensors"
    Steps(D, LMBD).fit(x, n_layers=1).save(path)
    with pytest.raises(ValueError, match="weights of Matrix in .*, got those "
                       "of Steps"):
        Matrix.load(path)
    for changed in ({"lmbd": 0.3}, {"D": D[:, ::-1]}):
        with pytest.raises(ValueError, match="another one: train again, or "
                           "load them as they are"):
            Steps.load(path, **changed)
    with pytest.raises(ValueError, match="expected arguments of Steps, .*, "
                       "got reg"):
        Steps.load(path, reg=0.3)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(ValueError, match="expected sound weights in .*: train "
                       "the network again"):
        Steps.load(path)
    with pytest.raises(FileNotFoundError):
        Steps.load(tmp_path / "missing.safetensors")
    with pytest.raises(OSError, match="path|directory|exists"):
        Steps(D, LMBD).save(path / "below a file")


def test_a_network_for_a_dictionary_that_moves(small_batch, Steps):
    """The same steps, and the gradient of the new dictionary."""
    D, x = small_batch
    network = Steps(D, LMBD).grow(3)
    network.guarded = False
    other = D[:, ::-1] * 0.9
    moved = network.with_problem(D=other)
    assert moved.L == pytest.approx(0.81 * network.L)
    assert moved.lmbd == network.lmbd
    assert not moved.guarded
    z = ista(other, x.numpy(), 3, network.layers[0]["step"].item())
    np.testing.assert_allclose(moved(x), z, rtol=0, atol=1e-13)


def test_to_float32_is_a_copy(small_batch):
    D, x = small_batch
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


def test_with_layers_and_grow(small_batch, Steps):
    D, x = small_batch
    network = Steps(D, LMBD).grow(2)
    longer = network.with_layers(network.layers).grow(5)
    assert [len(network.layers), len(longer.layers)] == [2, 5]
    assert longer.grow(3) is longer
    assert len(longer.layers) == 5
    shorter = longer.with_layers(longer.layers[:1])
    np.testing.assert_allclose(shorter(x), ista(D, x.numpy(), 1),
                               rtol=0, atol=1e-14)
    assert len(longer.layers) == 5


def test_n_parameters(small_batch, Steps):
    D, _ = small_batch
    assert Steps(D, LMBD).n_parameters == 0
    assert Steps(D, LMBD).grow(7).n_parameters == 7
    assert Matrix(D, LMBD).grow(3).n_parameters == 3 * (10 * 20 + 20)


@pytest.mark.parametrize("factor", [0.01, 1.0, 1.9, 100.0])
def test_a_solution_is_a_fixed_point_for_any_step(small_batch, factor, Steps):
    D, x = small_batch
    solution = torch.tensor(solve_lasso(D, x.numpy(), LMBD, 1e-14).z)
    network = Steps(D, LMBD)
    network.bind(x)
    step = factor / network.L
    moved = (network.layer(solution, torch.tensor(step)) - solution).abs()
    # the optimality conditions hold up to sqrt(2 gap) ~ 1e-7, times the step
    assert moved.max() <= 1e-7 * max(step, 1)


def test_a_solution_moves_under_another_matrix(small_batch):
    D, x = small_batch
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
