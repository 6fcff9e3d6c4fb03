"""What the exact Lasso solvers refuse, and how they say it."""
import numpy as np
import pytest
from scipy.sparse import csc_array

from unrolling.lasso import duality_gap, lasso_cost, lasso_path, solve_lasso
from unrolling.lasso.fista import fista


def arguments(problem):
    """The arguments D, x and lmbd by their names."""
    return dict(zip(("D", "x", "lmbd"), problem, strict=True))


@pytest.mark.parametrize("function", [solve_lasso, fista])
@pytest.mark.parametrize(("changes", "message"), [
    ({"D": np.empty((20, 0))}, "at least one atom .* got shape"),
    ({"x": csc_array(np.ones((5, 20)))}, "x must be a dense .* x.toarray"),
    ({"D": 1j * np.ones((20, 40))}, "D must be an array of real numbers"),
    ({"D": [["a"] * 40] * 20}, "D must be an array of real numbers"),
    ({"lmbd": None}, "lmbd must be an array of real numbers, got NoneType"),
    ({"tol": None}, "tol must be a positive number, got tol=None"),
    ({"tol": np.nan}, "tol must be a positive number, got tol=nan"),
    ({"tol": 0.0}, "tol must be a positive number, got tol=0.0"),
])
def test_refused(small_lasso, function, changes, message):
    with pytest.raises(ValueError, match=message):
        function(**arguments(small_lasso) | changes)


@pytest.mark.parametrize(("function", "options", "message"), [
    (solve_lasso, {"memory": None}, "memory must be a positive number"),
    (solve_lasso, {"max_rounds": -1}, "max_rounds must be an integer .*=-1"),
    (solve_lasso, {"max_rounds": 1.5}, "max_rounds must be an integer .*=1.5"),
    (fista, {"max_iter": 0}, "max_iter must be an integer >= 1"),
])
def test_refused_options(small_lasso, function, options, message):
    with pytest.raises(ValueError, match=message):
        function(*small_lasso, **options)


def test_refused_by_the_path_and_by_fista(small_lasso):
    D, x, lmbd = small_lasso
    with pytest.raises(ValueError, match="at least one, got"):
        lasso_path(D, x, [])
    with pytest.raises(ValueError, match="D must be dense .* D.toarray"):
        fista(csc_array(D), x, lmbd)


@pytest.mark.parametrize(("changes", "message"), [
    ({"z": np.zeros((1, 40))}, r"z must be .* \(5, 40\), got shape \(1, 40\)"),
    ({"z": np.zeros((5, 39))}, r"z must be .* got shape \(5, 39\)"),
    ({"z": np.full((5, 40), np.nan)}, "z must be finite .* 200 NaN"),
    ({"lmbd": -1.0}, "lmbd must be positive"),
    ({"lmbd": 0.0}, "lmbd must be positive"),
    ({"lmbd": np.nan}, "lmbd must be positive"),
    ({"lmbd": np.ones(4)}, r"one per sample \(5\)"),
    ({"lmbd": np.ones((5, 1))}, "lmbd"),
    ({"x": np.ones((5, 19))}, "x must have 20 columns"),
    ({"x": np.ones(20)}, "x must be a 2-D array"),
])
@pytest.mark.parametrize("function", [duality_gap, lasso_cost])
def test_gaps_and_costs_are_refused(small_lasso, function, changes, message):
    z = {"z": np.zeros((5, 40))}
    with pytest.raises(ValueError, match=message):
        function(**arguments(small_lasso) | z | changes)
