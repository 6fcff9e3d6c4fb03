"""solve_tv in parts, in threads, from any start and in any unit."""
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from unrolling import solve_tv, tv_path
from unrolling.lasso.active_set import solve_batch
from unrolling.tv import (
    tv_cost,
    tv_duality_gap,
    tv_lmbd_max,
)

FITS = pytest.mark.parametrize("delta", [None, 0.3, 3.0])


@FITS
def test_parts_that_fit_in_memory(rng, delta, make_blocks):
    A = rng.standard_normal((30, 20))
    x = make_blocks(rng, A, 23)
    lmbd = 0.2 * tv_lmbd_max(A, x, delta)
    whole = solve_tv(A, x, lmbd, 1e-12, delta=delta)
    parts = solve_tv(A, x, lmbd, 1e-12, delta=delta, memory=50_000)
    np.testing.assert_allclose(parts.u, whole.u, atol=1e-6)


def test_memory_bound(rng, make_blocks):
    """Beyond the output and two matrices like A."""
    A, memory = rng.standard_normal((100, 80)), 2**22
    x = make_blocks(rng, A, 10_000)
    lmbd = 0.5 * tv_lmbd_max(A, x)
    solve_tv(A, x[:2], lmbd[:2])  # compiles
    tracemalloc.start()
    u = solve_tv(A, x, lmbd, memory=memory).u
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - u.nbytes <= memory + 2 * A.nbytes


@FITS
def test_start(rng, delta, make_blocks):
    """From a solution, from far away, and for each sample the right one."""
    A = rng.standard_normal((30, 40))
    x = make_blocks(rng, A, 8)
    lmbd = 0.2 * tv_lmbd_max(A, x, delta)
    u = solve_tv(A, x, lmbd, 1e-12, delta=delta).u
    for u0 in (u, u + 10, 100 * rng.standard_normal(u.shape)):
        again, gap = solve_tv(A, x, lmbd, 1e-10, delta=delta, u0=u0)
        assert (gap <= 1e-10).all()
        np.testing.assert_allclose(
            tv_cost(again, A, x, lmbd, delta), tv_cost(u, A, x, lmbd, delta),
            rtol=1e-9)


def test_the_gap_after_too_few_rounds(rng, make_blocks):
    A = rng.standard_normal((30, 40))
    x = make_blocks(rng, A)
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


@FITS
@pytest.mark.parametrize("unit_A", [1e-150, 1.0, 1e150])
@pytest.mark.parametrize("unit_x", [1e-150, 1.0, 1e150])
def test_units(rng, delta, unit_A, unit_x, make_blocks):
    """In other units of A and x, the solution is that in other units."""
    A = rng.standard_normal((20, 12))
    x = make_blocks(rng, A)
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


def test_many_python_threads(rng, make_blocks):
    A = rng.standard_normal((40, 60))
    x = make_blocks(rng, A, 50)
    lmbd = 0.1 * tv_lmbd_max(A, x)
    expected = solve_tv(A, x, lmbd, 1e-12).u
    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(solve_tv, A, x, lmbd, 1e-12)
                       for _ in range(4)]:
            np.testing.assert_allclose(
                future.result().u, expected, atol=1e-6)


def test_few_samples_many_times(rng, make_blocks):
    """Without the Gram matrix, where it would cost more than it saves."""
    A = rng.standard_normal((60, 2000))
    x = make_blocks(rng, A, 2)
    _, gap = solve_tv(A, x, 0.3 * tv_lmbd_max(A, x), 1e-8)
    assert (gap <= 1e-8).all()


def test_warns_of_what_it_cannot_reach(rng, make_blocks):
    A = rng.standard_normal((30, 40))
    x = make_blocks(rng, A)
    lmbd = 0.01 * tv_lmbd_max(A, x)
    with pytest.warns(UserWarning, match="raise max_rounds") as caught:
        solve_tv(A, x, lmbd, max_rounds=1)
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="rounding limits the gap") as caught:
        tv_path(A, x, [0.01], 1e-30)
    assert caught[0].filename == __file__
