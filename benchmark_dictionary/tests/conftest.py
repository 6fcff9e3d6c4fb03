"""The benchmark's classes, loaded by benchopt, and small problems of them."""
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from unrolling.bench.testing import LoadedBenchmark

DICTIONARY = LoadedBenchmark(Path(__file__).parents[1])
SMALL = {
    "Simulated": {"n_dim": 16, "n_atoms": 24, "n_train": 400, "n_test": 50}}
pytest_generate_tests = DICTIONARY.parametrize


@pytest.fixture(autouse=True)
def benchmark(monkeypatch):
    """The running benchmark."""
    return DICTIONARY.set_running(monkeypatch)


def make_dataset(name="Simulated", seed=0, **parameters):
    """An instance of a data set, by default of a small one."""
    return DICTIONARY.make_dataset(
        name, seed, **SMALL.get(name, {}) | parameters)


@cache
def make_objective(data="Simulated", reg=0.1, n_atoms=24, **parameters):
    """The objective on a small problem, shared by the tests."""
    return DICTIONARY.make_objective(
        make_dataset(data, **parameters), reg=reg, n_atoms=n_atoms)


def make_solver(solver_class, objective, **parameters):
    """A solver ready to run on an objective."""
    solver, reason = DICTIONARY.make_solver(
        solver_class, objective, **parameters)
    assert reason is None
    return solver


@pytest.fixture
def suite():
    """The functions above, and those of the objective's file."""
    module = sys.modules[DICTIONARY.objective.__module__]
    return SimpleNamespace(
        make_dataset=make_dataset, make_objective=make_objective,
        make_solver=make_solver, gradient=module.gradient,
        stationarity=module.stationarity, recovery=module.recovery)
