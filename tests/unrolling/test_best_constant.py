"""The constant signal that fits best, and samples that differ by one."""
import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from unrolling import solve_tv, tv_path
from unrolling.tv import (
    best_constant,
    tv_cost,
    tv_duality_gap,
    tv_lmbd_max,
)


@pytest.mark.parametrize("delta", [1e-3, 0.1, 1.0, 100.0])
@pytest.mark.parametrize("n_dim", [1, 2, 7, 100])
def test_best_constant(rng, delta, n_dim):
    """A search by golden section finds none that fits better."""
    A = rng.standard_normal((n_dim, 3)) * rng.integers(0, 2, (n_dim, 1))
    A[0, 0] += 5
    x = rng.standard_t(1.5, (10, n_dim))
    column = A.sum(axis=1)[:, None]

    def cost(c, row, delta):
        return tv_cost(np.array([[c]]), column, row[None], 1.0, delta)[0]

    for d in (delta, None):
        for c, row in zip(best_constant(A, x, d), x, strict=True):
            bound = 1 + abs(row).max() / abs(column[column != 0]).min()
            other = minimize_scalar(
                cost, bounds=(-bound, bound), args=(row, d), method="bounded",
                options={"xatol": 1e-12})
            best = cost(c, row, d)
            assert best <= other.fun * (1 + 1e-12)
            for step in (1e-4, -1e-4):
                assert best <= cost(c + step, row, d) * (1 + 1e-14)


def test_best_constant_among_ties():
    """Where derivatives vanish on an interval, and where points coincide."""
    A = np.ones((4, 1))
    x = np.array([[0.0, 0, 10, 10], [1, 1, 1, 1], [0, 0, 0, 10]])
    c = best_constant(A, x, 1.0)
    assert 1 <= c[0] <= 9
    assert c[1:].tolist() == [1, 1 / 3]


def test_a_constant_in_the_signal_changes_nothing_but_it(rng, make_blocks):
    """x + 1e6 A1 has the solution u + 1e6, and as small a gap."""
    A = rng.standard_normal((30, 20))
    x = make_blocks(rng, A)
    lmbd = 0.1 * tv_lmbd_max(A, x)
    u = solve_tv(A, x, lmbd, 1e-9).u
    shifted, gap = solve_tv(A, x + 1e6 * A.sum(axis=1), lmbd, 1e-6)
    assert (gap <= 1e-6).all()
    np.testing.assert_allclose(shifted - 1e6, u, atol=1e-4)


def test_samples_without_shape(rng):
    """x = 0, and x that A times a constant fits up to rounding."""
    A = rng.standard_normal((30, 20))
    x = np.outer([0, 1, 1e3, 1e-100], A.sum(axis=1))
    u, gap = solve_tv(A, x, 1e-3)
    assert (gap <= 1e-6).all()
    np.testing.assert_allclose(
        u, np.outer([0, 1, 1e3, 1e-100], np.ones(20)), rtol=1e-9)
    assert (tv_path(A, x, [0.5]).gap <= 1e-6).all()
    # of x = 0, gaps are absolute
    assert tv_duality_gap(np.eye(20)[:1], A, x[:1], 2.0)[0] == pytest.approx(
        0.5 * (A[:, 0] @ A[:, 0]) + 2, rel=1e-12)
