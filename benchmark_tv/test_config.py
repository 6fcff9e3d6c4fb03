"""What `benchopt test` leaves out: libraries that may be missing."""
import pytest


def check_test_solver_run(benchmark, solver_class):
    """Skip the solvers whose library is not there, as a run does."""
    if getattr(solver_class, "library", None):
        pytest.importorskip(solver_class.library, exc_type=ImportError)
