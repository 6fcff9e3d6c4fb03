"""The benchmark's classes, loaded by benchopt, and small problems of them."""
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from unrolling.bench.testing import LoadedBenchmark

TV2D = LoadedBenchmark(Path(__file__).parents[1])
KERNEL = np.outer([1, 2, 1], [1, 1, 4, 1, 1]) / 32
pytest_generate_tests = TV2D.parametrize
benchmark, weights_folder = TV2D.fixtures()


def raw_data(shape=(5, 7), blurred=False, seed=0):
    """Images of two levels in noise, seen as they are or through KERNEL."""
    rng = np.random.default_rng(seed)
    u = (rng.random((10, *shape)) < 0.5).astype(float)
    x = u + 0.2 * rng.standard_normal(u.shape)
    return {"kernel": KERNEL if blurred else None,
            "x_train": x[:6], "x_test": x[6:],
            "u_train": u[:6], "u_test": u[6:]}


@cache
def make_objective(shape=(5, 7), blurred=False, tv="isotropic", lmbd=0.15):
    """The objective on these data, shared by the tests."""
    objective = TV2D.objective.get_instance(tv=tv, lmbd=lmbd)
    data = raw_data(shape, blurred)
    assert objective.skip(**data) == (False, None)
    objective.set_data(**data)
    # as benchopt does, for solvers
    objective._dataset = TV2D.make_dataset("Simulated")
    return objective


@pytest.fixture
def suite():
    """What the tests use, with the functions above."""
    return TV2D.suite(
        make_objective=make_objective, raw_data=raw_data, kernel=KERNEL,
        template=TV2D.load_file(
            TV2D.folder / "solvers" / "template_solver.py"))
