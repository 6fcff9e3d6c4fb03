"""The benchmark's classes, loaded by benchopt, and small problems of them."""
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from unrolling.bench.testing import LoadedBenchmark

NONLINEAR = LoadedBenchmark(Path(__file__).parents[1])
pytest_generate_tests = NONLINEAR.parametrize
benchmark, weights_folder = NONLINEAR.fixtures()
SMALL = {
    "Deconvolution": {"n_train": 40, "n_val": 10, "n_test": 6},
    "EIT": {"rings": 4, "data_rings": 8, "n_train": 12, "n_val": 6,
            "n_test": 4},
}


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


def iterate_on_validation(name, objective, value):
    """What a solver with this value ends with on the samples it tunes on."""
    solver, _ = NONLINEAR.make_solver(name, objective)
    solver.chosen = value
    samples = solver.validation.rows(slice(sys.modules[
        "benchmark_utils.classical_nonlinear"].N_TUNING))
    points = solver.iterates(solver.K, samples.y, samples.start.copy())
    with np.errstate(all="ignore"):
        for _ in range(solver.max_iter + 1):
            x = next(points)
    return x


@pytest.fixture
def suite():
    """What the tests use, with the functions above."""
    return NONLINEAR.suite(
        make_objective=make_objective, iterate=iterate,
        iterate_on_validation=iterate_on_validation, small=SMALL)


@pytest.fixture
def rng():
    """Random numbers that are the same in each run."""
    return np.random.default_rng(0)
