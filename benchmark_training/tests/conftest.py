"""The benchmark's classes, loaded by benchopt, and small problems of them."""
from functools import cache
from pathlib import Path

import pytest

from unrolling.bench.testing import LoadedBenchmark

TRAINING = LoadedBenchmark(Path(__file__).parents[1])
pytest_generate_tests = TRAINING.parametrize
benchmark, weights_folder = TRAINING.fixtures()
SMALL = {
    "Toy-regression": {"n_train": 40, "n_hidden": 4},
    "Digits": {"n_test": 1500, "n_hidden": 4},
    "Ring": {"n_test": 100, "n_hidden": 8, "batch_size": 32},
    "Digits-GAN": {"n_test": 50, "n_hidden": 8, "batch_size": 32},
}
"""Parameters of data sets that make small problems."""


@cache
def make_objective(data, n_steps=100, **parameters):
    """The objective on a small problem, shared by the tests."""
    return TRAINING.make_objective(
        TRAINING.make_dataset(data, **SMALL[data] | parameters),
        n_steps=n_steps, n_restarts=2)


def run(solver, data, n_steps, seed=0, **parameters):
    """The result of a solver after so many steps."""
    made, reason = TRAINING.make_solver(
        solver, make_objective(data), seed, **parameters)
    assert reason is None, reason
    made.run_once(n_steps)
    return made.get_result()


@pytest.fixture
def suite():
    """What the tests use, with the functions above."""
    return TRAINING.suite(
        make_objective=make_objective, run=run, small=SMALL)
