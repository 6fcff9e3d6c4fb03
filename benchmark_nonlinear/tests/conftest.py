"""The benchmark's classes, loaded by benchopt, and small problems of them."""
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from unrolling.bench.testing import LoadedBenchmark

NONLINEAR = LoadedBenchmark(Path(__file__).parents[1])
pytest_generate_tests = NONLINEAR.parametrize
SMALL = {
    "Deconvolution": {"n_train": 40, "n_val": 10, "n_test": 6},
    "EIT": {"rings": 4, "data_rings": 8, "n_train": 12, "n_val": 6,
            "n_test": 4},
}


@pytest.fixture(autouse=True)
def benchmark(monkeypatch):
    """The running benchmark; what a test changes of it is undone."""
    return NONLINEAR.set_running(monkeypatch)


@pytest.fixture(autouse=True)
def weights_folder(benchmark, monkeypatch, tmp_path):
    """Trained weights are cached in this folder, one for each test."""
    monkeypatch.setenv("BENCHOPT_CACHE", str(tmp_path))
    return tmp_path / benchmark.name / "weights"


@cache
def make_objective(data="Deconvolution", max_iter=10, **changes):
    """The objective on a small problem, shared by the tests."""
    dataset = NONLINEAR.make_dataset(data, **SMALL[data] | changes)
    return NONLINEAR.make_objective(
        dataset, max_iter=max_iter, max_time=1000)


def iterate(name, objective, n_iter, **parameters):
    """The result of a classical solver after n_iter iterations."""
    solver, reason = NONLINEAR.make_solver(name, objective, **parameters)
    assert reason is None
    solver.pre_run_hook(1)
    calls = iter(range(n_iter))
    solver.run(lambda: next(calls, None) is not None)
    return solver.get_result()["x"]


def iterate_on_training(name, objective, value):
    """What a solver with this value ends with on the samples it tunes on."""
    solver, _ = NONLINEAR.make_solver(name, objective)
    solver.chosen = value
    samples = solver.train.rows(slice(sys.modules[
        "benchmark_utils.classical_nonlinear"].N_TUNING))
    points = solver.iterates(solver.K, samples.y, samples.start.copy())
    with np.errstate(all="ignore"):
        for _ in range(solver.max_iter + 1):
            x = next(points)
    return x


@pytest.fixture
def suite():
    """The functions above, and the modules of benchmark_utils."""
    modules = {
        name.rsplit(".", 1)[1]: module for name, module in sys.modules.items()
        if name.startswith("benchmark_utils.") and module.__file__
        and "nonlinear" in module.__file__}
    return SimpleNamespace(
        get_class=NONLINEAR.get_class, make_dataset=NONLINEAR.make_dataset,
        make_objective=make_objective, make_solver=NONLINEAR.make_solver,
        objective=NONLINEAR.objective, load=NONLINEAR.make_objective,
        run=NONLINEAR.run, iterate=iterate,
        iterate_on_training=iterate_on_training, small=SMALL, **modules)


@pytest.fixture
def rng():
    """Random numbers that are the same in each run."""
    return np.random.default_rng(0)
