"""What the library computes on a GPU is what it computes on the CPU."""
import numpy as np
import pytest
import torch

from unrolling import LISTA, StepLISTA, duality_gap, prox_tv
from unrolling.lasso.fista import fista

pytestmark = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="torch sees no GPU")
LMBD = 0.1


@pytest.fixture
def problem(rng, make_lasso):
    """D (10, 20) with unit atoms, and x (30, 10) in B_inf."""
    return make_lasso(rng, 10, 20, 30)


@pytest.mark.parametrize("shape", [(1, 1), (7, 2), (40, 63), (3, 5000)])
def test_prox_tv(rng, shape):
    """Solution and both derivatives, with one penalty for each row."""
    u = torch.as_tensor(rng.standard_normal(shape).cumsum(axis=1))
    lmbd = torch.as_tensor(rng.uniform(0, 3, shape[0]))
    weight = torch.as_tensor(rng.standard_normal(shape))
    results = {}
    for device in ("cpu", "cuda"):
        v, t = (a.to(device, copy=True).requires_grad_() for a in (u, lmbd))
        solution = prox_tv(v, t)
        grads = torch.autograd.grad(
            (solution * weight.to(device)).sum(), (v, t))
        results[device] = [r.detach().cpu() for r in (solution, *grads)]
    # sums of up to 5000 entries of size up to 100
    for cpu, cuda in zip(results["cpu"], results["cuda"], strict=True):
        torch.testing.assert_close(cuda, cpu, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(("dtype", "tol"), [
    ("float64", 1e-10), ("float32", 1e-5)])
def test_fista_is_certified_there(problem, dtype, tol):
    """The gap, computed anew on the CPU in float64, is what was asked for,
    but for what float32 cannot know."""
    D, x = problem
    z = fista(D, x, LMBD, tol, backend="torch", device="cuda", dtype=dtype).z
    assert duality_gap(z, D, x, LMBD).max() <= tol * 1.1 + (
        1e-6 if dtype == "float32" else 0)


@pytest.mark.parametrize("cls", [StepLISTA, LISTA])
def test_network_trained_there_is_used_here(problem, cls, tmp_path):
    """It trains on the GPU, is saved, and gives the same codes on the CPU."""
    D, x = problem
    network = cls(D, LMBD).to(device="cuda")
    network.fit(x, n_layers=3)
    there = network(torch.as_tensor(x, device="cuda"))
    assert there.device.type == "cuda"
    network.save(tmp_path / "weights.safetensors")
    here = cls(D, LMBD).load(tmp_path / "weights.safetensors")(x)
    np.testing.assert_allclose(here, there.cpu(), rtol=0, atol=1e-9)
