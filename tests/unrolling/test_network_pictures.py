"""Networks on samples of two dimensions, with modules of torch."""
import numpy as np
import pytest
import torch

from unrolling.network import UnrolledNetwork
from unrolling.weights import digest


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


def test_problems_without_an_exact_solver_say_so():
    network, _, x = make_pictures()
    with pytest.raises(NotImplementedError, match="Pictures.solve"):
        network.solve(x)
