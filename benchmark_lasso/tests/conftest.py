"""The benchmark's classes, loaded by benchopt, and small problems of them.

One process per benchmark: benchopt puts `benchmark_utils` in sys.modules.
"""
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from benchopt.benchmark import Benchmark
from benchopt.utils.run_context import RunContext

from unrolling.bench.solver import UnrolledSolver

BENCHMARK = Benchmark(Path(__file__).parents[1])
SOLVERS = [c for c in BENCHMARK.get_solvers() if c.is_installed()]
KINDS = {
    "solver_class": SOLVERS,
    "learned_class": [c for c in SOLVERS if issubclass(c, UnrolledSolver)],
    "classical_class": [
        c for c in SOLVERS if not issubclass(c, UnrolledSolver)],
    "dataset_class": BENCHMARK.get_datasets(),
}
DATA = {
    "white": ("Simulated", {"n_dim": 10, "n_atoms": 20, "n_train": 200,
                            "n_test": 20}),
    "codes": ("Simulated", {"n_dim": 10, "n_atoms": 20, "n_train": 200,
                            "n_test": 20, "signals": "codes"}),
    "few atoms": ("Simulated", {"n_dim": 20, "n_atoms": 10, "n_train": 200,
                                "n_test": 20}),
    "digits": ("Digits", {"n_atoms": 40, "n_train": 1740}),
}


def pytest_generate_tests(metafunc):
    """A test that asks for a class runs on each of its kind."""
    for kind in KINDS.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(kind, KINDS[kind], ids=lambda c: c.name)


@pytest.fixture(autouse=True)
def benchmark(monkeypatch):
    """The running benchmark; what a test changes of it is undone."""
    monkeypatch.setattr("benchopt.benchmark._RUNNING_BENCHMARK", BENCHMARK)
    return BENCHMARK


@pytest.fixture(autouse=True)
def weights_folder(benchmark, monkeypatch, tmp_path):
    """Trained weights are cached in this folder, one for each test."""
    monkeypatch.setenv("BENCHOPT_CACHE", str(tmp_path))
    return tmp_path / benchmark.name / "weights"


def get_class(name):
    """The solver or data set of that name."""
    return next(c for c in [*SOLVERS, *KINDS["dataset_class"]]
                if c.name == name)


def make_dataset(name, seed=0, **parameters):
    """An instance of a data set with its seed."""
    dataset = get_class(name).get_instance(**parameters)
    RunContext().set_run_context("", dataset, "", 0, base_seed=seed)
    return dataset


@cache
def make_objective(data="white", reg=0.3, seed=0):
    """The objective on a small problem, shared by the tests."""
    name, parameters = DATA[data]
    objective = BENCHMARK.get_benchmark_objective().get_instance(reg=reg)
    skip, reason = objective._set_dataset(
        make_dataset(name, seed, **parameters))
    assert not skip, reason
    return objective


def make_solver(solver_class, objective, seed=0, **parameters):
    """A solver ready to run on an objective; and why it is not, or None."""
    if isinstance(solver_class, str):
        solver_class = get_class(solver_class)
    solver = solver_class.get_instance(**parameters)
    RunContext().set_run_context(objective, "", solver, 0, base_seed=seed)
    return solver, solver._set_objective(objective)[1]


def run(solver_class, objective, stop_val, **parameters):
    """The result of a solver, as the objective receives it."""
    solver, reason = make_solver(solver_class, objective, **parameters)
    assert reason is None
    solver.run_once(stop_val)
    return solver.get_result()


def run_to_the_end(solver_class, objective):
    """The result of a classical solver, run for long enough."""
    strategy = make_solver(solver_class, objective)[0]._solver_strategy
    stop_val = {"callback": 4000, "tolerance": 1e-12, "run_once": 1}[strategy]
    # each of CD's sweeps wakes up numba's threads: ms where cores are busy
    return run(solver_class, objective,
               300 if solver_class.name == "CD" else stop_val)


def ista(objective, n_iter):
    """The algorithm itself, z after n_iter iterations."""
    D, x, lmbd = objective.D, objective.x_test, objective.lmbd
    z, step = np.zeros((len(x), D.shape[1])), 1 / np.linalg.norm(D, 2) ** 2
    for _ in range(n_iter):
        v = z - step * (z @ D.T - x) @ D
        z = np.sign(v) * np.maximum(abs(v) - step * lmbd, 0)
    return z


@pytest.fixture
def suite():
    """The functions above, for the tests."""
    return SimpleNamespace(
        get_class=get_class, make_dataset=make_dataset, ista=ista,
        make_objective=make_objective, make_solver=make_solver, run=run,
        run_to_the_end=run_to_the_end)
