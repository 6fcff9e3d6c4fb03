"""Batched FISTA to a certificate, on each backend and in each precision."""
import numpy as np
import pytest

from unrolling.lasso import duality_gap, lasso_cost, solve_lasso
from unrolling.lasso.fista import fista
from unrolling.momentum import Momentum


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


def test_momentum_restarts_as_written(rng):
    """Sample by sample and number by number: the momentum of each restarts
    where its step points against its move, and of no other."""
    n_samples, n = 6, 3
    start = rng.standard_normal((n_samples, n))
    momentum, y = Momentum(start), start.copy()
    s, z_old, restarts = [1.0] * n_samples, start.tolist(), 0
    for _ in range(20):
        z = y + rng.standard_normal((n_samples, n))
        expected = []
        for i in range(n_samples):
            inner = sum((y[i, j] - z[i, j]) * (z[i, j] - z_old[i][j])
                        for j in range(n))
            if inner > 0:
                s[i] = 1.0
                restarts += 1
            s_new = (1 + (1 + 4 * s[i] ** 2) ** 0.5) / 2
            expected.append([
                z[i, j] + (s[i] - 1) / s_new * (z[i, j] - z_old[i][j])
                for j in range(n)])
            s[i], z_old[i] = s_new, z[i].tolist()
        y = momentum(y, z)
        np.testing.assert_allclose(y, expected, rtol=0, atol=1e-13)
    assert 0 < restarts < 20 * n_samples
