"""The benchmark's classes, loaded by benchopt, and small problems of them."""
import hashlib
from functools import cache
from pathlib import Path

import numpy as np
import pooch
import pytest
import torch

from unrolling.bench.testing import LoadedBenchmark
from unrolling.data import mnist as files

LASSO = LoadedBenchmark(Path(__file__).parents[1])
SMALL = {"n_dim": 10, "n_atoms": 20, "n_train": 200, "n_test": 20}
DATA = {
    "white": ("Simulated", SMALL),
    "codes": ("Simulated", SMALL | {"signals": "codes"}),
    "few atoms": ("Simulated", SMALL | {"n_dim": 20, "n_atoms": 10}),
    "digits": ("Digits", {"n_atoms": 40, "n_train": 1740}),
}
pytest_generate_tests = LASSO.parametrize
benchmark, weights_folder = LASSO.fixtures()


@cache
def make_objective(data="white", reg=0.3, seed=0):
    """The objective on a small problem, shared by the tests."""
    name, parameters = DATA[data]
    return LASSO.make_objective(
        LASSO.make_dataset(name, seed, **parameters), reg=reg)


def run_to_the_end(solver_class, objective):
    """The result of a classical solver, run for long enough."""
    strategy = LASSO.make_solver(solver_class, objective)[0]._solver_strategy
    stop_val = {"callback": 4000, "tolerance": 1e-12, "run_once": 1}[strategy]
    # each of CD's sweeps wakes up numba's threads: ms where cores are busy
    return LASSO.run(solver_class, objective,
                     300 if solver_class.name == "CD" else stop_val)


def soft_threshold(v, t):
    """The prox of t ||.||_1, by another formula than the library's."""
    return np.sign(v) * np.maximum(abs(v) - t, 0)


def ista(objective, n_iter):
    """The algorithm itself, z after n_iter iterations."""
    D, x, lmbd = objective.D, objective.x_test, objective.lmbd
    z, step = np.zeros((len(x), D.shape[1])), 1 / np.linalg.norm(D, 2) ** 2
    for _ in range(n_iter):
        z = soft_threshold(z - step * (z @ D.T - x) @ D, step * lmbd)
    return z


def make_network(name, data="white"):
    """The untrained network of a solver, on the test batch; the objective."""
    objective = make_objective(data)
    network = LASSO.make_solver(name, objective)[0].untrained
    network.bind(torch.tensor(objective.x_test))
    return network, objective


def check_refused(dataset, message):
    """The objective skips the data, with that reason."""
    skip, reason = LASSO.objective.get_instance(reg=0.5)._set_dataset(dataset)
    assert skip
    assert message in reason


@pytest.fixture
def suite():
    """What the tests use, with the functions above."""
    return LASSO.suite(
        make_objective=make_objective, run_to_the_end=run_to_the_end,
        make_network=make_network, ista=ista, soft_threshold=soft_threshold,
        check_refused=check_refused)


def idx_file(images):
    """The bytes of an IDX file of images (n_images, 28, 28), uint8."""
    header = np.array([0x803, *images.shape], dtype=">u4")
    return header.tobytes() + images.tobytes()


@pytest.fixture
def mnist(tmp_path, monkeypatch):
    """A small counterfeit in $BENCHOPT_DATA_HOME/mnist: its images."""
    def no_network(*_, **__):
        raise OSError("no network")

    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (150, 28, 28), dtype=np.uint8)
    folder, hashes = tmp_path / "mnist", {}
    folder.mkdir()
    for name, part in zip(
            files.SHA256, (images[:100], images[100:]), strict=True):
        content = idx_file(part)
        (folder / name).write_bytes(content)
        hashes[name] = hashlib.sha256(content).hexdigest()
    monkeypatch.setattr(files, "SHA256", hashes)
    monkeypatch.setattr(pooch, "retrieve", no_network)
    monkeypatch.setenv("BENCHOPT_DATA_HOME", str(tmp_path))
    return folder, images
