"""The benchmark's classes, loaded by benchopt, and small problems of them."""
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from benchopt.benchmark import Benchmark
from benchopt.utils.run_context import RunContext

BENCHMARK = Benchmark(Path(__file__).parents[1])
SOLVERS = BENCHMARK.get_solvers()
SIMULATED = {"n_dim": 16, "n_atoms": 24, "n_train": 400, "n_test": 50}


def pytest_generate_tests(metafunc):
    """A test that asks for a class runs on each."""
    for kind, classes in (("solver_class", SOLVERS),
                          ("dataset_class", BENCHMARK.get_datasets())):
        if kind in metafunc.fixturenames:
            metafunc.parametrize(kind, classes, ids=lambda c: c.name)


@pytest.fixture(autouse=True)
def benchmark(monkeypatch):
    """The running benchmark."""
    monkeypatch.setattr("benchopt.benchmark._RUNNING_BENCHMARK", BENCHMARK)
    return BENCHMARK


def get_class(name):
    """The solver or data set of that name."""
    return next(c for c in [*SOLVERS, *BENCHMARK.get_datasets()]
                if c.name == name)


@cache
def raw(name="Simulated", seed=0, **parameters):
    """What a data set hands to the objective."""
    if name == "Simulated":
        parameters = SIMULATED | parameters
    dataset = get_class(name).get_instance(**parameters)
    RunContext().set_run_context("", dataset, "", 0, base_seed=seed)
    return dataset.get_data()


@cache
def make_objective(reg=0.1, n_atoms=24, data="Simulated", **parameters):
    """The objective on a small problem, shared by the tests."""
    objective = BENCHMARK.get_benchmark_objective().get_instance(
        reg=reg, n_atoms=n_atoms)
    problem = raw(data, **parameters)
    skip, reason = objective.skip(**problem)
    assert not skip, reason
    objective.set_data(**problem)
    return objective


def make_solver(solver_class, objective, seed=0, **parameters):
    """A solver ready to run on an objective."""
    if isinstance(solver_class, str):
        solver_class = get_class(solver_class)
    solver = solver_class.get_instance(**parameters)
    RunContext().set_run_context(objective, "", solver, 0, base_seed=seed)
    solver.set_objective(**objective.get_objective())
    return solver


@pytest.fixture
def suite():
    """The functions above, and those of the objective's file."""
    module = sys.modules[BENCHMARK.get_benchmark_objective().__module__]
    return SimpleNamespace(
        get_class=get_class, raw=raw, make_objective=make_objective,
        make_solver=make_solver, gradient=module.gradient,
        stationarity=module.stationarity, recovery=module.recovery)
