"""The gap that solve_tv returns is that of the signals that it returns, where
A1 is zero up to rounding, or larger by some digits, and in odd units."""
import math
import warnings
from fractions import Fraction

import numpy as np
import pytest

from unrolling import solve_tv, tv_path
from unrolling.tv import (
    best_constant,
    tv_cost,
    tv_duality_gap,
    tv_lmbd_max,
)
from unrolling.tv.constant import constant_column

EPS = np.finfo(float).eps
TOL = 1e-6
SHAPES = [(20, 30), (30, 12), (1, 7), (7, 1), (6, 2), (2, 6), (1, 1), (1, 2)]
FITS = pytest.mark.parametrize("share", [None, 0.01, 0.3, 2.0])
"""Huber's delta over the largest entry of each sample."""


def centred(rng, shape, offset):
    """Rows around an offset, less their means: A1 has its rounding."""
    A = rng.normal(offset, 1, shape)
    return A - A.mean(axis=1, keepdims=True)


def uncentred(rng, shape, offset):
    return rng.normal(offset, 1, shape)


def graded(rng, shape, offset):
    """Rows of many sizes, the largest of which have no A1."""
    A = centred(rng, shape, offset) * np.logspace(3, -12, shape[0])[:, None]
    A[-1] += 1e-12
    return A


def check(A, x, lmbd, delta, tol=TOL):
    """Gaps are those of the signals, nonnegative, and warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        u, gap = solve_tv(A, x, lmbd, tol, delta=delta)
    assert np.isfinite(u).all()
    assert (gap >= -0.1 * tol).all()
    messages = [str(warning.message) for warning in caught]
    assert len(messages) == (gap > tol).any(), messages
    assert all("expected relative duality gaps" in m for m in messages)
    # theta'A of the dual point is rounded by this share of lmbd, and the dual
    # value is quadratic in it
    rounding = EPS * abs(A).sum(axis=0).max() * abs(x).max(axis=1) / lmbd
    difference = abs(tv_duality_gap(u, A, x, lmbd, delta) - gap)
    assert (difference <= 1e-6 * gap + 0.2 * tol + rounding**2
            + scaling_error(u, A, x, lmbd, delta)).all()
    return u, gap


def scaling_error(u, A, x, lmbd, delta):
    """What the rounding of A u changes of the gap, through the scaling of the
    dual point: products of one sample and of several are not rounded alike.

    The sums of n_times terms in x - A u are wrong by e, up to n_times EPS / 2
    of |A| |u|, so that A'theta, and the factor that makes theta feasible, are
    by |A|'e as a share of lmbd. Along that ray the dual value changes as
    theta'A u = lmbd ||nabla u||_1 does, which is divided by P(c*). It is the
    worst case: where that is more, a percent is allowed.
    """
    constant = best_constant(A, x, delta)[:, None] + 0 * u
    moves = abs(u - u[:, u.shape[1] // 2, None])
    with np.errstate(over="ignore", invalid="ignore"):
        e = (u.shape[1] / 2 + 1) * EPS * (moves @ abs(A).T)
        share = (e @ abs(A)).max(axis=1) / lmbd
        penalty = lmbd * abs(np.diff(u)).sum(axis=1)
        return np.nan_to_num(share * penalty / tv_cost(
            constant, A, x, lmbd, delta), posinf=0.0).clip(max=0.01)


@pytest.mark.parametrize("offset", [0, 10, 1000, 1e6])
@pytest.mark.parametrize("make", [centred, uncentred, graded])
@pytest.mark.parametrize("shape", SHAPES)
@FITS
def test_the_gap_is_that_of_the_signals(rng, shape, make, offset, share):
    A = make(rng, shape, offset)
    x = rng.standard_normal((3, shape[0]))
    delta = None if share is None else share * abs(x).max(axis=1)
    lmbd_max = tv_lmbd_max(A, x, delta)
    for reg in (1, 0.1, 1e-3, 1e-6):
        check(A, x, reg * np.where(lmbd_max > 0, lmbd_max, 1), delta)


@pytest.mark.parametrize("unit_A", [1e-150, 1e-3, 1e150])
@pytest.mark.parametrize("unit_x", [1e-150, 1e3, 1e150])
@pytest.mark.parametrize("offset", [0, 10, 1000])
@FITS
def test_in_other_units(rng, unit_A, unit_x, offset, share):
    """Also where float64 cannot express the solution, or not its digits."""
    A = centred(rng, (20, 30), offset) * unit_A
    x = rng.standard_normal((3, 20)) * unit_x
    delta = None if share is None else share * abs(x).max(axis=1)
    check(A, x, 0.1 * tv_lmbd_max(A, x, delta), delta)


def test_signals_that_float64_cannot_express(rng):
    """They become zero, or lose digits, and the gaps say so."""
    A = rng.standard_normal((20, 30)) * 1e150
    for unit in (1e-160, 1e-170, 1e-175):
        x = rng.standard_normal((3, 20)) * unit
        _, gap = check(A, x, 0.1 * tv_lmbd_max(A, x), None, 1e-9)
    assert (gap > 1e-9).all()
    A, x = A * 1e-310, rng.standard_normal((3, 20)) * 1e155
    u, gap = check(A, x, 0.1 * tv_lmbd_max(A, x), None)
    assert not u.any()
    assert (gap > 0.1).all()


@pytest.mark.parametrize("shape", [(20, 30), (6, 2), (2, 6), (1, 7)])
@pytest.mark.parametrize("offset", [0, 10])
@FITS
def test_centred_rows_have_no_constant(rng, shape, offset, share):
    """An A1 of some eps of the largest row is zero: all is certified, and no
    signal is larger or costs more than it should."""
    A = centred(rng, shape, offset)
    x = rng.standard_normal((5, shape[0]))
    delta = None if share is None else share * abs(x).max(axis=1)
    assert not constant_column(A).any()
    assert not best_constant(A, x, delta).any()
    for reg in (1, 0.1):
        lmbd = reg * tv_lmbd_max(A, x, delta)
        u, gap = check(A, x, lmbd, delta)
        assert (gap <= TOL).all()
        zero = tv_cost(0 * u, A, x, lmbd, delta)
        assert (tv_cost(u, A, x, lmbd, delta) <= (1 + 2 * TOL) * zero).all()
        np.testing.assert_array_equal(
            tv_cost(u + 2.0**20, A, x, lmbd, delta),
            tv_cost(u + 2.0**20 - 2.0**20, A, x, lmbd, delta))


@pytest.mark.parametrize("offset", [1000, 1e6])
def test_costs_of_large_constants_are_exact(rng, offset):
    """Next to those by rational arithmetic: A times the constant cancels."""
    A, x = centred(rng, (6, 8), offset), rng.standard_normal((2, 6))
    assert constant_column(A).any()
    u = best_constant(A, x)[:, None] + rng.standard_normal((2, 8))
    assert abs(u).max() > 1e7
    for signal, sample, cost in zip(
            u, x, tv_cost(u, A, x, 0.1), strict=True):
        signal = [Fraction(v) for v in signal]
        fit = sum((Fraction(v) - sum(
            Fraction(a) * b for a, b in zip(row, signal, strict=True)))**2
            for v, row in zip(sample, A, strict=True)) / 2
        penalty = sum(abs(b - a) for a, b in zip(
            signal, signal[1:], strict=False)) * Fraction(0.1)
        assert cost == pytest.approx(float(fit + penalty), rel=1e-12)


@pytest.mark.parametrize("n_times", [1, 2, 3, 7, 8, 250])
def test_the_sum_of_columns_is_exact(rng, n_times):
    A = rng.standard_normal((9, n_times)) * 10.0**rng.integers(
        -9, 9, (9, n_times))
    A[:, -1] -= A.sum(axis=1)
    A[0] = 1
    np.testing.assert_allclose(
        constant_column(A), [math.fsum(row) for row in A], rtol=1e-12,
        atol=1e-24 * abs(A).max())


def test_a_path_of_centred_rows(rng):
    A, x = centred(rng, (20, 30), 1000), rng.standard_normal((3, 20))
    with pytest.warns(UserWarning, match="centre the rows once more"):
        gap = tv_path(A, x, [1, 0.1]).gap
    A -= A.mean(axis=1, keepdims=True)
    with warnings.catch_warnings(action="error"):
        tv_path(A, x, [1, 0.1])
    assert (gap[1] > TOL).any()


@pytest.mark.parametrize("least", [1e-3, 1e-8, 1e-13, 1e-15])
def test_best_constant_of_small_entries(rng, least):
    """Where entries of A1 are small, and samples far beyond delta, too: no
    constant nearby fits better."""
    A = np.ones((12, 1)) + rng.uniform(size=(12, 1))
    A[3] = least
    x = rng.standard_normal((20, 12))
    for delta in (0.01, 0.3, 3.0):
        c = best_constant(A, x, delta)[:, None]
        cost = tv_cost(c, A, x, 1.0, delta)
        for step in (1e-5, 1e-3, 0.1, 1):
            for other in (c + step, c - step):
                assert (cost <= tv_cost(other, A, x, 1.0, delta)
                        * (1 + 1e-13)).all()
