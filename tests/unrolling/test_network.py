"""Untrained networks are the algorithm; guarded ones never do harm."""

import numpy as np
import pytest
import torch

from unrolling.lasso import lasso_cost, lipschitz, solve_lasso
from unrolling.lasso.network import LassoNetwork
from unrolling.network import UnrolledNetwork
from unrolling.prox import soft_threshold
from unrolling.weights import digest

LMBD = 0.2


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
def problem(make_lasso):
    """D (10, 20) of unit atoms, and a batch x (30, 10) as a Tensor."""
    D, x = make_lasso(np.random.default_rng(0), 10, 20, 30)
    return D, torch.tensor(x)


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


@pytest.mark.parametrize(("spoil", "message"), [
    (lambda x: x[0], r"x must have shape \(n_samples, 10\), got \(10,\)"),
    (lambda x: x[:, 1:], r"x must have shape \(n_samples, 10\), got .*9\)"),
    (lambda x: x[None], r"x must have shape .* got \(1, 30, 10\)"),
    (lambda x: x.clone().index_fill_(0, torch.tensor([2, 5]), np.nan),
     r"x must be finite.* rows \[2, 5\]"),
    (lambda x: x.to("meta"), "on the network's device, cpu, got meta"),
])
def test_bad_samples_are_refused(problem, spoil, message):
    D, x = problem
    with pytest.raises(ValueError, match=message):
        Ista(D, LMBD).grow(2)(spoil(x))


@pytest.mark.parametrize(("D", "lmbd", "message"), [
    (np.full((3, 4), np.nan), 0.1, "D must be finite"),
    (np.ones(3), 0.1, "D must be a 2-D array"),
    (np.eye(3, 4), 0.1, r"zeros in columns \[3\]"),
    (np.eye(3), -1, "lmbd must be positive.* got -1"),
    (np.eye(3), np.nan, "lmbd must be positive.* got nan"),
    (np.eye(3), None, "lmbd must be a positive number, got None"),
    (np.eye(3), "a", "lmbd must be a positive number, got 'a'"),
    (np.eye(3), np.ones(3), r"lmbd must be one number .* got shape \(3,\)"),
])
def test_bad_problems_are_refused(D, lmbd, message):
    with pytest.raises(ValueError, match=message):
        Ista(D, lmbd)


def test_a_bad_batch_size_is_refused(problem):
    D, x = problem
    with pytest.raises(ValueError, match="batch_size must be an integer >= 1"):
        Ista(D, LMBD).grow(1)(x, batch_size=-1)


def test_a_device_that_is_not_there(problem, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match="torch sees no GPU: use device=cpu"):
        Ista(problem[0], LMBD).to(device="cuda")


def test_arrays_in_arrays_out(problem):
    """Lists, read-only and float32 arrays; Tensors of another dtype."""
    D, x = problem
    network = Ista(D, LMBD).grow(3)
    expected, array = network(x), x.numpy()
    readonly = array.copy()
    readonly.flags.writeable = False
    for samples in (array, readonly, array.tolist()):
        z = network(samples)
        assert isinstance(z, np.ndarray)
        np.testing.assert_array_equal(z, expected)
    single = network(array.astype(np.float32))
    assert single.dtype == float
    # x in float32, and layers that do not expand differences
    np.testing.assert_allclose(single, expected, rtol=0, atol=1e-6)
    assert isinstance(network(x.float()), torch.Tensor)
    assert network(x.float()).dtype == torch.float64


class Pictures(UnrolledNetwork):
    """Gradient steps on 1/2 ||x - z||^2, for samples of two dimensions; the
    start is the batch itself, and a module scales it."""

    def __init__(self, scale):
        super().__init__()
        self.scale = scale

    def start(self):
        return self.x

    def init_layer(self, t):
        return {"step": 1.0}

    def cost(self, z):
        residual = z - self.scale(self.x)
        return 0.5 * residual.square().flatten(start_dim=1).sum(dim=1)

    def layer(self, z, step):
        return z - step * (z - self.scale(self.x))


def make_pictures():
    """The network, its module, and a batch (6, 3, 2)."""
    module = torch.nn.Linear(2, 2, bias=False, dtype=torch.float64)
    x = torch.randn(6, 3, 2, dtype=torch.float64,
                    generator=torch.Generator().manual_seed(0))
    return Pictures(module), module, x


def test_outputs_of_any_shape_are_safeguarded():
    network, module, x = make_pictures()
    network.grow(3)
    np.testing.assert_allclose(
        network(x), module(x).detach(), rtol=0, atol=1e-15)
    network.layers[1]["step"] = torch.tensor(5.0)
    network.layers[2]["step"] = torch.tensor(7.0)
    kept = x.clone()
    np.testing.assert_allclose(
        network(x), module(x).detach(), rtol=0, atol=1e-15)
    for steps in network.layers:
        steps["step"] = torch.tensor(9.0)
    torch.testing.assert_close(network(x), x)  # the start is the cheapest
    assert torch.equal(x, kept)


def test_modules_travel_with_the_network():
    network, module, x = make_pictures()
    single = network.grow(2).to(dtype=torch.float32)
    assert single.scale.weight.dtype == torch.float32
    assert network.scale is module
    assert module.weight.dtype == torch.float64
    torch.testing.assert_close(single(x).double(), network(x), rtol=0,
                               atol=1e-5)


def test_modules_count_in_the_key():
    module = torch.nn.Linear(2, 2)
    key = digest(module)
    assert digest(module) == key
    with torch.no_grad():
        module.weight += 1
    assert digest(module) != key
    assert digest(torch.nn.Sequential(module)) != digest(module)


@pytest.mark.parametrize("network_class", [Ista, Matrix])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_save_and_load(problem, tmp_path, network_class, dtype):
    D, x = problem
    network = network_class(D, LMBD).to(dtype=dtype)
    network.fit(x, n_layers=2, epochs=1)
    network.save(tmp_path / "folder" / "network.safetensors")
    loaded = network_class.load(tmp_path / "folder" / "network.safetensors")
    assert loaded.dtype == dtype
    # the same arrays, in one layout
    assert torch.equal(loaded(x), network(x))
    again = network_class.load(
        tmp_path / "folder" / "network.safetensors", lmbd=LMBD)
    assert torch.equal(again(x), network(x))


def test_weights_of_another_problem_are_refused(problem, tmp_path):
    D, x = problem
    path = tmp_path / "network.safetensors"
    Ista(D, LMBD).fit(x, n_layers=1).save(path)
    with pytest.raises(ValueError, match="weights of Matrix in .*, got those "
                       "of Ista"):
        Matrix.load(path)
    for changed in ({"lmbd": 0.3}, {"D": D[:, ::-1]}):
        with pytest.raises(ValueError, match="another one: train again, or "
                           "load them as they are"):
            Ista.load(path, **changed)
    with pytest.raises(ValueError, match="expected arguments of Ista, .*, got "
                       "reg"):
        Ista.load(path, reg=0.3)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(ValueError, match="expected sound weights in .*: train "
                       "the network again"):
        Ista.load(path)
    with pytest.raises(FileNotFoundError):
        Ista.load(tmp_path / "missing.safetensors")
    with pytest.raises(OSError, match="path|directory|exists"):
        Ista(D, LMBD).save(path / "below a file")


def test_a_network_for_a_dictionary_that_moves(problem):
    """The same steps, and the gradient of the new dictionary."""
    D, x = problem
    network = Ista(D, LMBD).grow(3)
    network.guarded = False
    other = D[:, ::-1] * 0.9
    moved = network.with_problem(D=other)
    assert moved.L == pytest.approx(0.81 * network.L)
    assert moved.lmbd == network.lmbd
    assert not moved.guarded
    step = network.layers[0]["step"].item()
    z = np.zeros((30, 20))
    for _ in range(3):
        v = z - step * (z @ other.T - x.numpy()) @ other
        z = np.sign(v) * np.maximum(abs(v) - step * LMBD, 0)
    np.testing.assert_allclose(moved(x), z, rtol=0, atol=1e-13)


def test_problems_without_an_exact_solver_say_so():
    network, _, x = make_pictures()
    with pytest.raises(NotImplementedError, match="Pictures.solve"):
        network.solve(x)


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
