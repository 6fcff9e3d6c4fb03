"""Batched FISTA to a certificate, on each backend and in each precision."""
import numpy as np
import pytest

from unrolling.lasso import duality_gap, lasso_cost, solve_lasso
from unrolling.lasso.fista import fista


@pytest.fixture
def problem():
    rng = np.random.default_rng(0)
    D = rng.standard_normal((10, 20))
    x = rng.standard_normal((30, 10))
    x[4] = 0
    lmbd = rng.uniform(0.05, 0.9, 30) * abs(x @ D).max(axis=1)
    lmbd[4] = 1
    return D, x, lmbd


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize(("dtype", "tol"),
                         [("float64", 1e-10), ("float32", 1e-5)])
def test_every_problem_is_certified(problem, backend, dtype, tol):
    D, x, lmbd = problem
    z, gap = fista(D, x, lmbd, tol, backend=backend, dtype=dtype)
    np.testing.assert_array_equal(gap, duality_gap(z, D, x, lmbd))
    # float32 knows its own gap to its rounding
    assert (gap <= tol + (2e-6 if dtype == "float32" else 0)).all()
    best = lasso_cost(solve_lasso(D, x, lmbd, 1e-13).z, D, x, lmbd)
    excess = lasso_cost(z, D, x, lmbd) - best
    start = 0.5 * (x**2).sum(axis=1)
    assert (excess <= gap * start + 1e-13 * start).all()


def test_warns_when_stopped_early(problem):
    with pytest.warns(UserWarning, match=r"raise max_iter \(now 3\) or tol"):
        gap = fista(*problem, 1e-12, max_iter=3).gap
    assert (gap > 1e-12).any()


def test_a_backend_that_cannot_run(problem):
    with pytest.raises(ValueError, match="backend=numpy runs on device=cpu"):
        fista(*problem, backend="numpy", device="cuda")


def test_another_dtype_is_refused(problem):
    with pytest.raises(ValueError, match="dtype must be float64 or float32, "
                       "got 'int'"):
        fista(*problem, dtype="int")


def test_bad_samples(problem):
    D, x, lmbd = problem
    with pytest.raises(ValueError, match="x must have 10 columns"):
        fista(D, x[:, 1:], lmbd)
