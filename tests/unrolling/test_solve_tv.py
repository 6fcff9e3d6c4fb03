"""solve_tv finds the minimisers, and its certificate says how well."""
import warnings

import numpy as np
import pytest
from scipy.linalg import toeplitz
from scipy.stats import gamma

from unrolling import lipschitz, prox_tv, solve_tv, tv_path
from unrolling.tv import (
    best_constant,
    tv_cost,
    tv_duality_gap,
    tv_lmbd_max,
)

EPS = np.finfo(float).eps
FITS = pytest.mark.parametrize("delta", [None, 0.3, 3.0])


def haemodynamic(n):
    """Convolution with a double gamma whose first tap is zero: singular."""
    t = 0.735 * np.arange(min(n, 44))
    h = np.zeros(n)
    h[:len(t)] = gamma.pdf(t, 6) - gamma.pdf(t, 16) / 6
    return toeplitz(h / h.max(), np.zeros(n))


MATRICES = {
    "tall": lambda rng: rng.standard_normal((40, 25)),
    "wide": lambda rng: rng.standard_normal((15, 30)),
    "one row": lambda rng: rng.standard_normal((1, 6)),
    "one time": lambda rng: rng.standard_normal((6, 1)),
    "two times": lambda rng: rng.standard_normal((6, 2)),
    "identity": lambda rng: np.eye(30),
    "haemodynamic": lambda rng: haemodynamic(60),
    "zero columns": lambda rng: rng.standard_normal((20, 30)) * (
        rng.uniform(size=30) < 0.4),
    "constants vanish": lambda rng: np.diff(np.eye(21), axis=0),
    "one column": lambda rng: np.outer(
        rng.standard_normal(9), rng.uniform(size=12) < 0.1),
    "equal columns": lambda rng: rng.standard_normal((20, 6)).repeat(3, 1),
    "zero": lambda rng: np.zeros((4, 5)),
}
KINDS = pytest.mark.parametrize("kind", MATRICES)


def long_descent(A, x, lmbd, delta, n_iter=20_000):
    """Accelerated proximal gradient descent with the exact prox, restarted
    where the momentum points uphill, until no step moves a signal."""
    L = lipschitz(A)
    u = v = np.zeros((len(x), A.shape[1]))
    t = np.ones((len(x), 1))
    for _ in range(n_iter):
        residual = v @ A.T - x
        if delta is not None:
            residual = residual.clip(-delta, delta)
        new = prox_tv(v - residual @ A / L, lmbd / L)
        if abs(new - v).max() <= 1e-12 * abs(new).max():
            break
        uphill = ((v - new) * (new - u)).sum(axis=1, keepdims=True) > 0
        before = np.where(uphill, 1, t)
        t = (1 + np.sqrt(1 + 4 * before**2)) / 2
        v, u = new + (before - 1) / t * (new - u), new
    return u


@KINDS
@FITS
@pytest.mark.parametrize("reg", [1e-3, 0.1, 0.8])
def test_certificate(rng, kind, delta, reg, make_blocks):
    """The gap is small, and it is the difference of P and of a dual value."""
    A = MATRICES[kind](rng)
    x = make_blocks(rng, A)
    lmbd = reg * np.maximum(tv_lmbd_max(A, x, delta), 1e-3)
    u, gap = solve_tv(A, x, lmbd, 1e-9, delta=delta)
    assert (gap <= 1e-9).all()
    np.testing.assert_allclose(
        tv_duality_gap(u, A, x, lmbd, delta), gap, atol=1e-10)
    check_gap(u, A, x, lmbd, delta, gap)


def check_gap(u, A, x, lmbd, delta, gap):
    """A dual point from the residual, feasible, and so near P(u)."""
    theta = x - u @ A.T
    theta = theta if delta is None else theta.clip(-delta, delta)
    a = A.sum(axis=1)
    if abs(a).max() > 1e-12:
        theta -= np.outer(theta @ a / (a @ a), a)
    sums = (theta @ A).cumsum(axis=1)
    scale = np.minimum(1, lmbd / np.maximum(
        abs(sums[:, :-1]).max(axis=1, initial=0), 1e-300))
    if delta is not None:
        scale = np.minimum(scale, delta / np.maximum(
            abs(theta).max(axis=1), 1e-300))
    theta *= scale[:, None]
    rounding = 1e-13 * (1 + abs(A).sum()) * abs(x).max()
    assert abs((theta @ A).sum(axis=1)).max() <= rounding
    dual = (theta * x).sum(axis=1) - 0.5 * (theta**2).sum(axis=1)
    difference = tv_cost(u, A, x, lmbd, delta) - dual
    zero = tv_cost(0 * u, A, x, lmbd, delta)
    # the gap has the best factor of theta, which may be another than this
    assert (gap * unit_of_gaps(A, x, delta)
            <= difference + 1e-12 * zero).all()
    assert (difference <= 1e-12 * zero + 1e-7 * tv_cost(
        constants(A, x, delta), A, x, lmbd, delta)).all()


def constants(A, x, delta):
    """The signals with the value c*."""
    return np.repeat(
        best_constant(A, x, delta)[:, None], A.shape[1], axis=1)


def unit_of_gaps(A, x, delta):
    """P(c*), or, where that is rounding, the least share of P(0)."""
    start = constants(A, x, delta)
    cost, zero = (tv_cost(u, A, x, 1.0, delta) for u in (start, 0 * start))
    return np.maximum(cost, EPS * zero)


@FITS
@pytest.mark.parametrize("kind", ["tall", "wide", "identity", "zero columns"])
@pytest.mark.parametrize("reg", [0.1, 0.8])
def test_an_independent_method_agrees(rng, kind, delta, reg, make_blocks):
    A = MATRICES[kind](rng)
    x = make_blocks(rng, A)
    lmbd = reg * tv_lmbd_max(A, x, delta)
    u = solve_tv(A, x, lmbd, 1e-12, delta=delta).u
    slow = long_descent(A, x, lmbd, delta)
    cost, expected = (tv_cost(v, A, x, lmbd, delta) for v in (u, slow))
    assert (cost <= expected * (1 + 1e-12)).all()
    np.testing.assert_allclose(cost, expected, rtol=1e-6)


@KINDS
@FITS
def test_gap_bounds_the_suboptimality(rng, kind, delta, make_blocks):
    """Of any signals, near a solution or far from it."""
    A = MATRICES[kind](rng)
    x = make_blocks(rng, A)
    lmbd = 0.3 * np.maximum(tv_lmbd_max(A, x, delta), 1e-3)
    best = solve_tv(A, x, lmbd, 1e-10, delta=delta).u
    optimum = tv_cost(best, A, x, lmbd, delta)
    start, size = constants(A, x, delta), unit_of_gaps(A, x, delta)
    assert (tv_duality_gap(start, A, x, lmbd, delta) <= 1 + 1e-12).all()
    for radius in (0, 1e-3, 1, 100):
        u = best + radius * rng.standard_normal(best.shape)
        gap = tv_duality_gap(u, A, x, lmbd, delta)
        worse = tv_cost(u, A, x, lmbd, delta) - optimum
        assert (worse <= gap * size + 1e-9 * (size + worse)).all()


@KINDS
@FITS
def test_lmbd_max(rng, kind, delta, make_blocks):
    """From lmbd_max on, a constant is a solution; below, it is none."""
    A = MATRICES[kind](rng)
    x = make_blocks(rng, A)
    lmbd_max = tv_lmbd_max(A, x, delta)
    constant = constants(A, x, delta)
    above = np.maximum(lmbd_max, 1e-6)
    assert (tv_duality_gap(constant, A, x, above, delta) <= 1e-12).all()
    u = solve_tv(A, x, above, 1e-12, delta=delta).u
    np.testing.assert_allclose(
        tv_cost(u, A, x, above, delta), tv_cost(constant, A, x, above, delta),
        rtol=1e-11, atol=(8 * EPS) ** 2 * (x**2).sum())
    shapes = lmbd_max > 1e-9  # not where no signal is better than a constant
    gap = tv_duality_gap(constant, A, x, 0.9 * above, delta)
    assert (gap[shapes] > 1e-6).all()


def test_the_identity_is_the_prox(rng):
    x = rng.standard_normal((6, 50))
    u, gap = solve_tv(np.eye(50), x, 0.4, 1e-12)
    np.testing.assert_allclose(u, prox_tv(x, 0.4), atol=1e-13)
    almost = np.eye(50)
    almost[3, 4] = 1e-14  # solved as any other matrix
    np.testing.assert_allclose(
        solve_tv(almost, x, 0.4, 1e-13).u, u, atol=1e-6)


@FITS
def test_path(rng, delta, make_blocks):
    A = haemodynamic(50)
    x = make_blocks(rng, A, 4)
    regs = [1, 0.5, 0.1, 0.02]
    lmbd, u, gap = tv_path(A, x, regs, 1e-9, delta=delta)
    assert u.shape == (4, 4, 50)
    assert (gap <= 1e-9).all()
    np.testing.assert_allclose(
        lmbd, np.outer(regs, tv_lmbd_max(A, x, delta)), rtol=1e-12)
    for r in range(4):
        alone = solve_tv(A, x, lmbd[r], 1e-9, delta=delta).u
        np.testing.assert_allclose(
            *(tv_cost(v, A, x, lmbd[r], delta) for v in (u[r], alone)),
            rtol=1e-8)
        np.testing.assert_allclose(
            tv_duality_gap(u[r], A, x, lmbd[r], delta), gap[r], atol=1e-10)


@KINDS
@pytest.mark.parametrize("offset", [0, 1e2, 1e4])
@pytest.mark.parametrize("reg", [0.8, 0.05, 1e-4])
def test_the_gap_is_that_of_the_signals(rng, kind, offset, reg, make_blocks):
    """Also where it is taken from the Lasso in differences: rounding may make
    a fifth of the tolerance of a difference, half of it in either step."""
    A = MATRICES[kind](rng)
    x = make_blocks(rng, A) + offset * A.sum(axis=1)
    lmbd = reg * np.maximum(tv_lmbd_max(A, x), 1e-6)
    for tol in (1e-4, 1e-8):
        with warnings.catch_warnings(action="ignore"):  # of what is too large
            u, gap = solve_tv(A, x, lmbd, tol)
        np.testing.assert_allclose(
            gap, tv_duality_gap(u, A, x, lmbd), rtol=1e-6, atol=0.2 * tol)


def test_a_small_penalty_on_a_singular_matrix(rng, make_blocks):
    """The haemodynamic response, and penalties down to lmbd_max / 1e4."""
    A = haemodynamic(250)
    x = make_blocks(rng, A, 10)
    for reg in (1e-2, 1e-4):
        _, gap = solve_tv(A, x, reg * tv_lmbd_max(A, x))
        assert (gap <= 1e-6).all()
