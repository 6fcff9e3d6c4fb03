"""A solver returns on a GPU what it returns on the CPU."""
from functools import cache

import numpy as np
import pytest
import torch

pytestmark = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="torch sees no GPU")
N_ITER = 5
"""Few: rounding grows from one iteration to the next."""
SUMS = 64
"""Sums of as many terms in another order differ by as many rounding errors."""


@pytest.fixture(autouse=True)
def weights_folder(loaded, monkeypatch, tmp_path):
    """What is trained stays in a folder of this test."""
    loaded.set_running(monkeypatch)
    monkeypatch.setenv("BENCHOPT_CACHE", str(tmp_path))


@cache
def small_objective(loaded, seed=None):
    """The objective as `benchopt test` sets it up; with a seed, the training
    data differ from those by rounding errors."""
    dataset = loaded.get_class(loaded.objective.test_dataset_name)
    dataset = loaded.make_dataset(dataset, **dataset.test_config or {})
    if seed is not None:
        data = dataset.get_data()
        dataset.get_data = lambda: data | moved(data, seed)
    return loaded.make_objective(dataset, **loaded.objective.test_config)


def moved(data, seed):
    """The arrays of training data, with new rounding errors."""
    rng = np.random.default_rng(seed)
    arrays = {name: v for name, v in data.items() if "train" in name
              and isinstance(v, np.ndarray) and v.dtype.kind == "f"}
    assert arrays
    return {name: v * (1 + SUMS * np.finfo(v.dtype).eps * rng.standard_normal(
        v.shape)).astype(v.dtype) for name, v in arrays.items()}


def on(device, loaded, cls, stop_val, seed=None, **parameters):
    """Its result there."""
    solver, reason = loaded.make_solver(
        cls, small_objective(loaded, seed), device=device, **parameters)
    if reason is not None:
        pytest.skip(reason)
    solver.run_once(stop_val)
    return solver.get_result()


def assert_close(cuda, cpu, rtol):
    """The errors of each array are small beside its largest entry."""
    names = [n for n, v in cpu.items() if isinstance(v, np.ndarray)]
    assert names
    for name in names:
        np.testing.assert_allclose(
            cuda[name], cpu[name], rtol=0, atol=rtol * abs(cpu[name]).max())


def test_classical_solvers_agree(loaded, device_classical):
    """In a few iterations: rounding grows from one to the next."""
    torch_only = {"backend": "torch"} if (
        "backend" in device_classical.parameters) else {}
    cpu, cuda = (on(device, loaded, device_classical, 5, **torch_only)
                 for device in ("cpu", "cuda"))
    # generators compute in float32, all else in float64
    single = loaded.folder.name == "benchmark_genprior"
    assert_close(cuda, cpu, 1e-3 if single else 1e-9)


def test_untrained_networks_agree(loaded, device_network):
    cpu, cuda = (on(device, loaded, device_network, 2, loss="none")
                 for device in ("cpu", "cuda"))
    assert_close(cuda, cpu, 1e-9)


def test_networks_train_there(loaded, device_network):
    """Training ends at a loss, in 1 %, that it has on the CPU where the
    training data are moved by rounding errors, since L-BFGS and Adam magnify
    these: Step-Condat-Vu for images has two minima 1.2 % apart."""
    def loss(device, seed=None):
        return on(device, loaded, device_network, 2, seed)[
            "training"]["train_loss"]

    there = loss("cuda")
    assert any(there == pytest.approx(loss("cpu", seed), rel=0.01)
               for seed in (None, *range(5)))
