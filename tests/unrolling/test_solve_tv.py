"""solve_tv finds the minimisers, and its certificate says how well."""
import tracemalloc
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import scipy.sparse
import torch
from scipy.linalg import toeplitz
from scipy.optimize import minimize_scalar
from scipy.stats import gamma

from unrolling import lipschitz, prox_tv, solve_tv, tv_path
from unrolling.lasso.active_set import solve_batch
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


def make_problem(rng, A, n_samples=5):
    """Blocks, measured with noise of the tenth of their size."""
    n_dim, n_times = A.shape
    jumps = rng.standard_normal((n_samples, n_times)) * (
        rng.uniform(size=(n_samples, n_times)) < 5 / n_times)
    x = jumps.cumsum(axis=1) @ A.T + rng.standard_normal((n_samples, 1))
    return x + 0.1 * (1 + x.std()) * rng.standard_normal(x.shape)


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
def test_certificate(rng, kind, delta, reg):
    """The gap is small, and it is the difference of P and of a dual value."""
    A = MATRICES[kind](rng)
    x = make_problem(rng, A)
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
def test_an_independent_method_agrees(rng, kind, delta, reg):
    A = MATRICES[kind](rng)
    x = make_problem(rng, A)
    lmbd = reg * tv_lmbd_max(A, x, delta)
    u = solve_tv(A, x, lmbd, 1e-12, delta=delta).u
    slow = long_descent(A, x, lmbd, delta)
    cost, expected = (tv_cost(v, A, x, lmbd, delta) for v in (u, slow))
    assert (cost <= expected * (1 + 1e-12)).all()
    np.testing.assert_allclose(cost, expected, rtol=1e-6)


@KINDS
@FITS
def test_gap_bounds_the_suboptimality(rng, kind, delta):
    """Of any signals, near a solution or far from it."""
    A = MATRICES[kind](rng)
    x = make_problem(rng, A)
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
def test_lmbd_max(rng, kind, delta):
    """From lmbd_max on, a constant is a solution; below, it is none."""
    A = MATRICES[kind](rng)
    x = make_problem(rng, A)
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


def test_the_identity_is_the_prox(rng):
    x = rng.standard_normal((6, 50))
    u, gap = solve_tv(np.eye(50), x, 0.4, 1e-12)
    np.testing.assert_allclose(u, prox_tv(x, 0.4), atol=1e-13)
    almost = np.eye(50)
    almost[3, 4] = 1e-14  # solved as any other matrix
    np.testing.assert_allclose(
        solve_tv(almost, x, 0.4, 1e-13).u, u, atol=1e-6)


@FITS
def test_path(rng, delta):
    A = haemodynamic(50)
    x = make_problem(rng, A, 4)
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


@FITS
def test_parts_that_fit_in_memory(rng, delta):
    A = rng.standard_normal((30, 20))
    x = make_problem(rng, A, 23)
    lmbd = 0.2 * tv_lmbd_max(A, x, delta)
    whole = solve_tv(A, x, lmbd, 1e-12, delta=delta)
    parts = solve_tv(A, x, lmbd, 1e-12, delta=delta, memory=50_000)
    np.testing.assert_allclose(parts.u, whole.u, atol=1e-6)


def test_memory_bound(rng):
    """Beyond the output and two matrices like A."""
    A, memory = rng.standard_normal((100, 80)), 2**22
    x = make_problem(rng, A, 10_000)
    lmbd = 0.5 * tv_lmbd_max(A, x)
    solve_tv(A, x[:2], lmbd[:2])  # compiles
    tracemalloc.start()
    u = solve_tv(A, x, lmbd, memory=memory).u
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - u.nbytes <= memory + 2 * A.nbytes


@FITS
def test_start(rng, delta):
    """From a solution, from far away, and for each sample the right one."""
    A = rng.standard_normal((30, 40))
    x = make_problem(rng, A, 8)
    lmbd = 0.2 * tv_lmbd_max(A, x, delta)
    u = solve_tv(A, x, lmbd, 1e-12, delta=delta).u
    for u0 in (u, u + 10, 100 * rng.standard_normal(u.shape)):
        again, gap = solve_tv(A, x, lmbd, 1e-10, delta=delta, u0=u0)
        assert (gap <= 1e-10).all()
        np.testing.assert_allclose(
            tv_cost(again, A, x, lmbd, delta), tv_cost(u, A, x, lmbd, delta),
            rtol=1e-9)


def test_a_constant_in_the_signal_changes_nothing_but_it(rng):
    """x + 1e6 A1 has the solution u + 1e6, and as small a gap."""
    A = rng.standard_normal((30, 20))
    x = make_problem(rng, A)
    lmbd = 0.1 * tv_lmbd_max(A, x)
    u = solve_tv(A, x, lmbd, 1e-9).u
    shifted, gap = solve_tv(A, x + 1e6 * A.sum(axis=1), lmbd, 1e-6)
    assert (gap <= 1e-6).all()
    np.testing.assert_allclose(shifted - 1e6, u, atol=1e-4)


@KINDS
@pytest.mark.parametrize("offset", [0, 1e2, 1e4])
@pytest.mark.parametrize("reg", [0.8, 0.05, 1e-4])
def test_the_gap_is_that_of_the_signals(rng, kind, offset, reg):
    """Also where it is taken from the Lasso in differences: rounding may make
    a fifth of the tolerance of a difference, half of it in either step."""
    A = MATRICES[kind](rng)
    x = make_problem(rng, A) + offset * A.sum(axis=1)
    lmbd = reg * np.maximum(tv_lmbd_max(A, x), 1e-6)
    for tol in (1e-4, 1e-8):
        with warnings.catch_warnings(action="ignore"):  # of what is too large
            u, gap = solve_tv(A, x, lmbd, tol)
        np.testing.assert_allclose(
            gap, tv_duality_gap(u, A, x, lmbd), rtol=1e-6, atol=0.2 * tol)


def test_the_gap_after_too_few_rounds(rng):
    A = rng.standard_normal((30, 40))
    x = make_problem(rng, A)
    lmbd = 0.01 * tv_lmbd_max(A, x)
    for tol in (1e-3, 1e-12):
        with pytest.warns(UserWarning, match="raise max_rounds"):
            u, gap = solve_tv(A, x, lmbd, tol, max_rounds=1)
        np.testing.assert_allclose(
            gap, tv_duality_gap(u, A, x, lmbd), rtol=1e-6)


@pytest.mark.parametrize("correlated", [False, True])
def test_atoms_that_enter_alone_or_by_runs(rng, correlated):
    """Either way, minimisers are found, and a problem with NaN ends."""
    D = rng.standard_normal((30, 150)).cumsum(axis=1)
    D /= np.linalg.norm(D, axis=0)
    x = rng.standard_normal((8, 30))
    c = x @ D
    lmbd = np.full((8, 1), 0.05)
    c[7, 40] = np.nan
    z = np.zeros((8, 1, 150))
    gap, _ = solve_batch(D.T @ D, c, (x**2).sum(axis=1), lmbd, z, 1e-12, 1000,
                         30, correlated)
    assert (gap[:7] <= 1e-12).all()
    subgradient = (x - z[:, 0] @ D.T)[:7] @ D
    np.testing.assert_array_less(abs(subgradient), 0.05 + 1e-6)


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


@FITS
@pytest.mark.parametrize("unit_A", [1e-150, 1.0, 1e150])
@pytest.mark.parametrize("unit_x", [1e-150, 1.0, 1e150])
def test_units(rng, delta, unit_A, unit_x):
    """In other units of A and x, the solution is that in other units."""
    A = rng.standard_normal((20, 12))
    x = make_problem(rng, A)
    lmbd_max = tv_lmbd_max(A, x, delta)
    u = solve_tv(A, x, 0.2 * lmbd_max, 1e-12, delta=delta).u
    delta_in = None if delta is None else delta * unit_x
    if 1e-200 < unit_x * unit_A < 1e200:
        lmbd = 0.2 * lmbd_max * (unit_A * unit_x)
        np.testing.assert_allclose(
            tv_lmbd_max(A * unit_A, x * unit_x, delta_in),
            lmbd_max * (unit_A * unit_x), rtol=1e-12)
        scaled, gap = solve_tv(
            A * unit_A, x * unit_x, lmbd, 1e-9, delta=delta_in)
        assert (gap <= 1e-9).all()
        if 1e-200 < unit_x / unit_A < 1e200:
            np.testing.assert_allclose(
                scaled / (unit_x / unit_A), u, atol=1e-6)
            assert (tv_duality_gap(
                scaled, A * unit_A, x * unit_x, lmbd, delta_in) <= 1e-9).all()


def test_many_python_threads(rng):
    A = rng.standard_normal((40, 60))
    x = make_problem(rng, A, 50)
    lmbd = 0.1 * tv_lmbd_max(A, x)
    expected = solve_tv(A, x, lmbd, 1e-12).u
    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(solve_tv, A, x, lmbd, 1e-12)
                       for _ in range(4)]:
            np.testing.assert_allclose(
                future.result().u, expected, atol=1e-6)


def test_few_samples_many_times(rng):
    """Without the Gram matrix, where it would cost more than it saves."""
    A = rng.standard_normal((60, 2000))
    x = make_problem(rng, A, 2)
    _, gap = solve_tv(A, x, 0.3 * tv_lmbd_max(A, x), 1e-8)
    assert (gap <= 1e-8).all()


def test_a_small_penalty_on_a_singular_matrix(rng):
    """The haemodynamic response, and penalties down to lmbd_max / 1e4."""
    A = haemodynamic(250)
    x = make_problem(rng, A, 10)
    for reg in (1e-2, 1e-4):
        _, gap = solve_tv(A, x, reg * tv_lmbd_max(A, x))
        assert (gap <= 1e-6).all()


def test_warns_of_what_it_cannot_reach(rng):
    A = rng.standard_normal((30, 40))
    x = make_problem(rng, A)
    lmbd = 0.01 * tv_lmbd_max(A, x)
    with pytest.warns(UserWarning, match="raise max_rounds") as caught:
        solve_tv(A, x, lmbd, max_rounds=1)
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="rounding limits the gap") as caught:
        tv_path(A, x, [0.01], 1e-30)
    assert caught[0].filename == __file__


def test_tensors_and_lists(rng):
    A = rng.standard_normal((5, 8))
    x = make_problem(rng, A)
    expected = solve_tv(A, x, 0.3).u
    for convert in (torch.tensor, np.ndarray.tolist, np.asfortranarray):
        u = solve_tv(convert(A), convert(x), 0.3).u
        assert isinstance(u, np.ndarray)
        np.testing.assert_allclose(u, expected, atol=1e-9)


def test_input_is_left_alone(rng):
    A = rng.standard_normal((5, 8))
    x = make_problem(rng, A)
    copies = A.copy(), x.copy()
    for array in (A, x):
        array.flags.writeable = False
    for delta in (None, 0.5):
        solve_tv(A, x, 0.3, delta=delta, u0=np.zeros((5, 8)))
        tv_path(A, x, [0.5, 0.1], delta=delta)
    for array, copy in zip((A, x), copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_no_samples():
    A = np.ones((5, 8))
    for delta in (None, 1.0):
        assert solve_tv(A, np.zeros((0, 5)), 1.0, delta=delta).u.shape == (
            0, 8)
        assert tv_path(A, np.zeros((0, 5)), [0.5], delta=delta).u.shape == (
            1, 0, 8)


BAD = [
    ({"A": np.zeros(5)}, "A must be a 2-D array"),
    ({"A": np.zeros((5, 0))}, "A must have at least one time"),
    ({"A": np.full((5, 8), np.nan)}, "A must be finite, got 40 NaN"),
    ({"A": scipy.sparse.eye_array(5)}, r"pass A.toarray\(\)"),
    ({"x": np.zeros(5)}, "x must be a 2-D array"),
    ({"x": np.zeros((2, 4))}, r"x must have 5 columns .* samples are rows"),
    ({"x": np.full((2, 5), np.inf)}, "x must be finite"),
    ({"lmbd": 0}, "lmbd must be positive"),
    ({"lmbd": np.ones(3)}, r"one per sample \(2\)"),
    ({"lmbd": np.nan}, "lmbd must be positive"),
    ({"delta": 0}, "delta must be positive"),
    ({"delta": [1, -1]}, "delta must be positive"),
    ({"tol": 0}, "tol must be a positive number"),
    ({"max_rounds": 1.5}, "max_rounds must be an integer >= 1"),
    ({"memory": -1}, "memory must be a positive number"),
    ({"u0": np.zeros((8, 2))}, r"u0 must be finite and of shape"),
]


@pytest.mark.parametrize(("change", "message"), BAD)
def test_bad_input(change, message):
    good = {"A": np.ones((5, 8)), "x": np.zeros((2, 5)), "lmbd": 1.0}
    with pytest.raises(ValueError, match=message):
        solve_tv(**good | change)
    for function in (best_constant, tv_lmbd_max):
        if set(change) <= {"A", "x", "delta"}:
            with pytest.raises(ValueError, match=message):
                function(**{k: v for k, v in good.items() if k != "lmbd"}
                         | change)
    for function in (tv_cost, tv_duality_gap):
        if set(change) <= {"A", "x", "lmbd", "delta"}:
            with pytest.raises(ValueError, match=message):
                function(np.zeros((2, 8)), **good | change)


@pytest.mark.parametrize("regs", [[], [0.5, 0.5], [0.1, 0.5], [2.0], [0.0]])
def test_bad_regs(regs):
    with pytest.raises(ValueError, match="regs must be decreasing"):
        tv_path(np.ones((5, 8)), np.zeros((2, 5)), regs)


def test_cost_and_gap_of_bad_signals():
    A, x = np.ones((5, 8)), np.zeros((2, 5))
    with pytest.raises(ValueError, match="u must be finite and of shape"):
        tv_duality_gap(np.full((2, 8), np.nan), A, x, 1.0)
    with pytest.raises(ValueError, match="u must be finite and of shape"):
        tv_cost(np.zeros(8), A, x, 1.0)
    with warnings.catch_warnings(action="error"):
        gap = tv_duality_gap(np.full((2, 8), 1e300) * np.arange(8), A, x, 1.0)
    assert (gap == np.inf).all()
