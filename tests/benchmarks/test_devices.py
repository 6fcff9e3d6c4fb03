"""A solver returns on a GPU what it returns on the CPU."""
from functools import cache

import numpy as np
import pytest
import torch

from unrolling.stages import mean_loss

pytestmark = [
    pytest.mark.skipif(
        not torch.cuda.is_available(), reason="torch sees no GPU"),
    pytest.mark.usefixtures("running")]
N_ITER = 5
"""Few: rounding grows from one iteration to the next."""
DEVICES = "cpu", "cuda"


@cache
def small_objective(loaded):
    """One for both devices."""
    return loaded.small_problem()[1]


def solver_on(device, loaded, cls, **parameters):
    """The solver, ready to run there."""
    solver, reason = loaded.make_solver(
        cls, small_objective(loaded), device=device, **parameters)
    if reason is not None:
        pytest.skip(reason)
    return solver


def on(device, loaded, cls, stop_val, **parameters):
    """Its result there, of a second run, as benchopt repeats runs."""
    solver = solver_on(device, loaded, cls, **parameters)
    for _ in range(2):
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
    cpu, cuda = (on(device, loaded, device_classical, N_ITER, **torch_only)
                 for device in DEVICES)
    # generators compute in float32, all else in float64
    single = loaded.folder.name == "benchmark_genprior"
    assert_close(cuda, cpu, 1e-3 if single else 1e-9)


def test_untrained_networks_agree(loaded, device_network):
    cpu, cuda = (on(device, loaded, device_network, 2, loss="none")
                 for device in DEVICES)
    assert_close(cuda, cpu, 1e-9)


def test_networks_train_there(loaded, device_network):
    """What is trained on one device has the same loss on the other. Training
    ends at the loss that it has on the CPU, in 10 % only: L-BFGS and Adam
    magnify rounding, and Step-Condat-Vu for images, for one, has two minima
    1.2 % apart, between which a change of the data by 1e-14 decides."""
    losses = []
    for device in DEVICES:
        solver = solver_on(device, loaded, device_network)
        solver.pre_run_hook(2)
        losses.append(mean_loss(solver.trained, *solver.samples))
        for other in DEVICES:
            there = (v if v is None else v.to(other) for v in solver.samples)
            assert mean_loss(
                solver.trained.to(device=other), *there
            ) == pytest.approx(losses[-1], rel=1e-9)
    assert losses[1] == pytest.approx(losses[0], rel=0.1)
