"""Degenerate Lasso problems, and gaps that rounding must not hide."""
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolling.lasso import lasso_cost, solve_lasso


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(
    seed=st.integers(0, 2**32 - 1), n_dim=st.integers(1, 6),
    n_atoms=st.integers(1, 9), reg=st.floats(1e-3, 1.1),
    levels=st.integers(1, 3), noise=st.sampled_from([0, 1e-9, 1e-6, 1e-3]),
)
def test_degenerate_problems(seed, n_dim, n_atoms, reg, levels, noise):
    """Atoms and samples on a coarse grid, exactly or nearly: ties, repeated
    atoms, dependent faces."""
    rng = np.random.default_rng(seed)
    D, x = (
        rng.integers(-levels, levels + 1, shape)
        + noise * rng.standard_normal(shape)
        for shape in ((n_dim, n_atoms), (4, n_dim))
    )
    D[0, ~D.any(axis=0)] = 1
    lmbd_max = abs(x @ D).max(axis=1)
    # nearly orthogonal to all atoms: see the next test
    x[lmbd_max < 1e-4] = 0
    lmbd = np.where(x.any(axis=1), reg * lmbd_max, 1)
    z, gap = solve_lasso(D, x, lmbd, tol=1e-10)
    assert (gap <= 1e-10).all()
    start = 0.5 * (x**2).sum(axis=1)
    assert (lasso_cost(z, D, x, lmbd) <= start * (1 + 1e-14)).all()


def test_beyond_the_digits_of_the_gram_matrix():
    """Twin atoms, and a sample that only their difference explains: the
    Gram matrix has lost it, which is reported and not hidden."""
    D = np.array([[0, 1e-9], [1, 1]])
    x = np.array([[1.0, 0]])
    lmbd = 1e-10
    with pytest.warns(UserWarning, match="expected relative duality gaps"):
        z, gap = solve_lasso(D, x, lmbd, 1e-10, max_rounds=100)
    best = np.array([[-0.8e9, 0.8e9]])
    excess = lasso_cost(z, D, x, lmbd) - lasso_cost(best, D, x, lmbd)
    assert gap[0] * 0.5 >= excess[0] > 0
    assert (lasso_cost(z, D, x, lmbd) <= 0.5).all()


@pytest.mark.parametrize(("twist", "x", "lmbd", "tol"), [
    (1e-5, [1, 0.3], 1e-7, 1e-6), (1e-5, [1, 0], 1e-9, 1e-10),
    (1e-4, [1, 0.3], 1e-9, 1e-10),
])
def test_gaps_are_not_hidden_by_rounding(twist, x, lmbd, tol):
    """Nearly parallel atoms and a small lmbd: Gram quantities lose the gap,
    which must not be below the one in exact arithmetic."""
    D = np.array([[0, twist], [1, 1]])
    with warnings.catch_warnings(action="ignore"):
        z, gap = solve_lasso(D, np.array([x]), lmbd, tol)
    D, x, z = (np.vectorize(Fraction)(a) for a in (D, x, z[0]))
    lmbd, residual = Fraction(lmbd), x - D @ z
    scale = min(1, lmbd / max(abs(D.T @ residual)))
    primal = residual @ residual / 2 + lmbd * sum(abs(z))
    dual = scale * (residual @ x) - scale**2 * (residual @ residual) / 2
    exact = float(2 * (primal - dual) / (x @ x))
    assert gap[0] >= 0.5 * exact - 0.1 * tol
