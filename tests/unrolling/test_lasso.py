"""Cost, duality gap, Lipschitz constants and the proximal gradient step."""
import numpy as np
import pytest
import torch
from scipy.sparse import csc_array

from unrolling.lasso import (
    check_lasso,
    duality_gap,
    lasso_cost,
    lipschitz,
    solve_lasso,
    support_lipschitz,
)
from unrolling.lasso.problem import cost_and_gap
from unrolling.lasso.steps import proximal_step
from unrolling.linear import LeastSquares
from unrolling.prox import soft_threshold

EPS = np.finfo(float).eps


@pytest.fixture
def problem(rng, make_lasso):
    """D (10, 20), x (8, 10) with ||D'x||_inf = 1, lmbd = 0.3."""
    return *make_lasso(rng, 10, 20, 8), 0.3


def cost_of_one(z, D, x, lmbd):
    """F_x(z) of one sample, term by term."""
    residual = [x[i] - sum(D[i] * z) for i in range(len(x))]
    return sum(r**2 for r in residual) / 2 + lmbd * sum(abs(z))


def test_cost_is_the_formula(rng, problem):
    D, x, lmbd = problem
    z = rng.standard_normal((len(x), D.shape[1]))
    expected = [cost_of_one(z[i], D, x[i], lmbd) for i in range(len(x))]
    np.testing.assert_allclose(lasso_cost(z, *problem), expected, rtol=1e-14)
    zero = lasso_cost(0 * z, *problem)
    np.testing.assert_allclose(zero, 0.5 * (x**2).sum(axis=1), rtol=1e-15)


def test_cost_with_one_lmbd_per_sample(rng, problem):
    D, x, _ = problem
    lmbd = rng.uniform(0.1, 1, len(x))
    z = rng.standard_normal((len(x), D.shape[1]))
    expected = [cost_of_one(z[i], D, x[i], lmbd[i]) for i in range(len(x))]
    np.testing.assert_allclose(lasso_cost(z, D, x, lmbd), expected,
                               rtol=1e-14)


@pytest.mark.parametrize("order", ["C", "F"])
def test_cost_and_gap_are_those_of_each(rng, problem, order):
    """Primal minus dual, sample by sample, however the arrays lie."""
    D, x, _ = problem
    lmbd = rng.uniform(0.1, 1, len(x))
    z = np.asarray(rng.standard_normal((len(x), D.shape[1])), order=order)
    cost, gap = cost_and_gap(z, np.asarray(D, order=order), x, lmbd)
    for i in range(len(x)):
        primal = cost_of_one(z[i], D, x[i], lmbd[i])
        residual = x[i] - D @ z[i]
        theta = residual * min(1, lmbd[i] / abs(D.T @ residual).max())
        dual = (x[i] @ x[i] - (x[i] - theta) @ (x[i] - theta)) / 2
        assert cost[i] == pytest.approx(primal, rel=1e-13)
        assert gap[i] == pytest.approx(
            (primal - dual) / (x[i] @ x[i] / 2), rel=1e-12)


@pytest.mark.parametrize("scale", [0.0, 1e-3, 0.1, 1.0, 100.0])
def test_gap_bounds_the_suboptimality(rng, problem, scale):
    D, x, lmbd = problem
    solution = solve_lasso(D, x, lmbd, tol=1e-13)
    noise = rng.standard_normal((50, *solution.z.shape))
    for z in solution.z + scale * noise:
        gap = duality_gap(z, *problem) * 0.5 * (x**2).sum(axis=1)
        excess = lasso_cost(z, *problem) - lasso_cost(solution.z, *problem)
        rounding = 20 * EPS * lasso_cost(z, *problem)
        assert (gap >= -rounding).all()
        assert (gap >= excess - rounding).all()
        if scale:
            assert (gap > 0).all()


def test_gap_is_zero_at_the_solution_only(rng, problem):
    D, x, lmbd = problem
    z = solve_lasso(D, x, lmbd, tol=1e-13).z
    assert abs(duality_gap(z, *problem)).max() <= 1e-13
    worse = [duality_gap(z * (1 + e), *problem) for e in (1e-6, 1e-3, 1e-1)]
    assert (np.diff(worse, axis=0) > 0).all()


def test_gap_above_lmbd_max(problem):
    D, x, _ = problem
    zero = np.zeros((len(x), D.shape[1]))
    np.testing.assert_allclose(
        duality_gap(zero, D, x, 1.0), 0, atol=4 * EPS)
    assert (duality_gap(zero, D, x, 0.99) > 0).all()


def test_gap_of_a_zero_sample(problem):
    D, x, lmbd = problem
    gap = duality_gap(np.zeros((1, 20)), D, 0 * x[:1], lmbd)
    assert gap.tolist() == [0]


def test_gap_does_not_depend_on_the_unit_of_x(rng, problem):
    D, x, lmbd = problem
    z = rng.standard_normal((len(x), D.shape[1]))
    gap = duality_gap(z, *problem)
    for unit in (1e-8, 1e8):
        np.testing.assert_allclose(
            duality_gap(unit * z, D, unit * x, unit * lmbd), gap, rtol=1e-12)


@pytest.mark.parametrize(("A", "message"), [
    (np.ones(3), r"a 2-D array of finite numbers, got shape \(3,\)"),
    (np.array([[1.0, np.nan]]), "with 1 NaN"),
    (csc_array(np.eye(2)), r"a dense array of numbers.*pass toarray\(\)"),
])
def test_lipschitz_of_what_is_no_matrix(A, message):
    with pytest.raises(ValueError, match=message):
        lipschitz(A)


def test_lipschitz_bounds_the_gradient(rng, problem):
    D = problem[0]
    L = lipschitz(D)
    assert L == pytest.approx(np.linalg.eigvalsh(D.T @ D)[-1], rel=1e-12)
    assert lipschitz(torch.tensor(D)) == pytest.approx(L, rel=1e-12)
    u = rng.standard_normal((100, 20))
    ratio = np.linalg.norm(u @ D.T @ D, axis=1) / np.linalg.norm(u, axis=1)
    assert ratio.max() <= L * (1 + 1e-12)


def test_support_lipschitz(rng, problem):
    D = problem[0]
    z = rng.standard_normal((30, 20)) * (rng.random((30, 20)) < 0.2)
    z[0], z[1] = 0, 1
    L_S = support_lipschitz(D, z)
    assert L_S[0] == 0
    assert L_S[1] == pytest.approx(lipschitz(D), rel=1e-12)
    for row, value in zip(z, L_S, strict=True):
        masked = D * (row != 0)
        expected = np.linalg.eigvalsh(masked.T @ masked)[-1]
        assert value == pytest.approx(max(expected, 0), rel=1e-12, abs=1e-12)
    assert (L_S <= lipschitz(D) * (1 + 1e-12)).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", [np.asarray, torch.as_tensor])
def test_proximal_gradient_is_the_formula(rng, problem, kind, dtype):
    D, x, lmbd = problem
    y = rng.standard_normal((len(x), D.shape[1]))
    step = 0.7 / lipschitz(D)
    expected = soft_threshold(y - step * (y @ D.T - x) @ D, step * lmbd)
    D, x, y = (kind(a.astype(dtype)) for a in (D, x, y))
    z = proximal_step(y, LeastSquares(D, x).grad(y), step, step * lmbd)
    assert z.dtype == x.dtype
    # sums of at most 20 products of numbers below 5
    np.testing.assert_allclose(
        np.asarray(z), expected, rtol=0, atol=100 * np.finfo(dtype).eps)


@pytest.mark.parametrize("kind", [np.asarray, torch.as_tensor])
def test_proximal_gradient_decreases_the_cost(problem, kind):
    D, x, lmbd = problem
    fit, step = LeastSquares(kind(D), kind(x)), 1 / lipschitz(D)
    z = fit.zeros()
    costs = [lasso_cost(np.asarray(z), *problem)]
    for _ in range(30):
        z = proximal_step(z, fit.grad(z), step, step * lmbd, out=z)
        costs.append(lasso_cost(np.asarray(z), *problem))
    assert (np.diff(costs, axis=0) <= 4 * EPS * np.array(costs[:-1])).all()
    assert (costs[-1] < costs[0]).all()


@pytest.mark.parametrize(("changes", "message"), [
    ({"D": np.ones(10)}, r"D must be a 2-D array, got shape \(10,\)"),
    ({"x": np.ones(10)}, r"x must be a 2-D array, got shape \(10,\)"),
    ({"x": np.ones((3, 9))}, r"10 columns .* got\s+shape \(3, 9\)"),
    ({"D": np.full((10, 20), np.nan)}, "D must be finite, got 200 NaN"),
    ({"x": np.array([[np.inf] * 10])}, "x must be finite, got 10 NaN"),
    ({"D": np.eye(10, 12)}, r"nonzero, got zeros in columns \[10, 11\]"),
    ({"lmbd": 0.0}, "lmbd must be positive.* got 0.0"),
    ({"lmbd": -1.0}, "lmbd must be positive.* got -1.0"),
    ({"lmbd": np.nan}, "lmbd must be positive.* got nan"),
    ({"lmbd": np.inf}, "lmbd must be positive.* got inf"),
    ({"lmbd": np.ones(7)}, r"one per sample \(8\), got \[1\. 1\."),
    ({"lmbd": np.ones((8, 1))}, r"one per sample \(8\), got"),
])
def test_errors_say_expected_and_got(problem, changes, message):
    arguments = dict(zip(("D", "x", "lmbd"), problem, strict=True)) | changes
    for function in (check_lasso, solve_lasso):
        with pytest.raises(ValueError, match=message):
            function(**arguments)
