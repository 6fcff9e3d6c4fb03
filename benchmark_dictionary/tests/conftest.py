"""The benchmark's classes, loaded by benchopt, and small problems of them."""
from functools import cache
from pathlib import Path

import pytest

from unrolling.bench.testing import LoadedBenchmark

DICTIONARY = LoadedBenchmark(Path(__file__).parents[1])
SMALL = {
    "Simulated": {"n_dim": 16, "n_atoms": 24, "n_train": 400, "n_test": 50}}
pytest_generate_tests = DICTIONARY.parametrize
benchmark, weights_folder = DICTIONARY.fixtures()


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
    """What the tests use, with the functions above."""
    return DICTIONARY.suite(
        make_dataset=make_dataset, make_objective=make_objective,
        make_solver=make_solver)
