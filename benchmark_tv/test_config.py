"""What `benchopt test` leaves out: libraries that may be missing."""
from importlib.util import find_spec

import pytest

OPTIONAL = {"condat-tv": "condat_tv", "prox-tv": "prox_tv"}
"""Solver -> the module that it needs."""


def check_test_solver_run(benchmark, solver_class):
    """Skip the solvers whose library is not there, as a run does."""
    module = OPTIONAL.get(solver_class.name)
    if module and find_spec(module) is None:
        pytest.skip(f"{module} is missing")
