"""The exact Lasso solver at the limits of float64."""
import subprocess
import sys
import threading
import warnings
from fractions import Fraction

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_info

from unrolling.lasso import duality_gap, lasso_cost, lasso_path, solve_lasso
from unrolling.lasso.fista import fista

NO_GRAM = 1000
"""Bytes of memory that keep the Gram matrix from being formed."""


def cost_over_start(z, D, x, lmbd):
    return lasso_cost(z, D, x, lmbd) / (0.5 * (x**2).sum(axis=1))


@pytest.mark.parametrize("memory", [NO_GRAM, 2**30])
@pytest.mark.parametrize(("unit_D", "unit_x"), [
    (1.0, 2.0**-700), (1.0, 2.0**530), (2.0**-600, 1.0), (2.0**600, 1.0),
    (2.0**-450, 2.0**-450), (2.0**500, 2.0**500),
])
def test_any_unit(small_lasso, unit_D, unit_x, memory):
    """Powers of two leave the digits as they are: z, in its unit, and the
    certificates of z are the same."""
    D, x, lmbd = small_lasso
    z, gap = solve_lasso(D, x, lmbd, memory=memory)
    scaled = unit_D * D, unit_x * x, unit_D * unit_x * lmbd
    there = solve_lasso(*scaled, memory=memory)
    # the scaled problem is solved in a third unit, which may round anew
    np.testing.assert_allclose(
        there.z * (unit_D / unit_x), z, rtol=1e-12)
    assert (there.gap <= 1e-6).all()
    np.testing.assert_allclose(
        duality_gap(there.z, *scaled), duality_gap(z, *small_lasso),
        atol=1e-14)
    path = lasso_path(*scaled[:2], [0.5, 0.3], memory=memory)
    assert (path.gap <= 1e-6).all()
    np.testing.assert_allclose(
        path.z[1] * (unit_D / unit_x), z, rtol=0, atol=1e-3 * abs(z).max())


def test_fista_in_any_unit(small_lasso):
    D, x, lmbd = small_lasso
    z = fista(D, x, lmbd, 1e-8).z
    for unit in (2.0**-700, 2.0**530):
        there = fista(D, unit * x, unit * lmbd, 1e-8)
        assert (there.gap <= 1e-8).all()
        np.testing.assert_allclose(
            there.z / unit, z, rtol=0, atol=1e-12 * abs(z).max())


def test_samples_of_very_different_units(small_lasso):
    D, x, lmbd = small_lasso
    units = 2.0 ** np.array([-900, -300, 0, 300, 900])
    z, gap = solve_lasso(D, units[:, None] * x, units * lmbd)
    assert (gap <= 1e-6).all()
    np.testing.assert_allclose(
        z / units[:, None], solve_lasso(D, x, lmbd).z, rtol=1e-12)


def test_solutions_that_float64_cannot_express(small_lasso):
    """z = 2^1200 times one of size 1: zero comes back, and a warning."""
    D, x, lmbd = small_lasso
    with pytest.warns(UserWarning, match="on 5 of 5 problems"):
        z, gap = solve_lasso(2.0**-600 * D, 2.0**600 * x, lmbd)
    assert not z.any()
    np.testing.assert_allclose(gap, duality_gap(z, D, x, lmbd), rtol=1e-12)


@pytest.mark.parametrize("memory", [NO_GRAM, 2**30])
@pytest.mark.parametrize("size", [1e10, 1e200, 1e308])
def test_start_points_that_cost_more_than_zero(small_lasso, size, memory):
    D, x, lmbd = small_lasso
    z0 = np.full((5, 40), size)
    z, gap = solve_lasso(D, x, lmbd, 1e-12, z0=z0, memory=memory)
    assert (gap <= 1e-12).all()
    np.testing.assert_allclose(
        z, solve_lasso(D, x, lmbd, 1e-12, memory=memory).z, atol=1e-10)
    # a gap that overflows bounds nothing, and is not NaN
    assert (duality_gap(z0, D, x, lmbd) > 1e10).all()


@pytest.mark.parametrize("memory", [NO_GRAM, 2**30])
def test_no_atom_to_enter_and_no_gap_small_enough(small_lasso, memory):
    """Above lmbd_max, rounding leaves a gap of a few eps at z = 0."""
    D, x, _ = small_lasso
    with warnings.catch_warnings(action="ignore"):
        z, gap = solve_lasso(D, x, 2 * abs(x @ D).max(), 1e-300,
                             memory=memory)
    assert not z.any()
    assert (abs(gap) <= 40 * np.finfo(float).eps).all()


def vandermonde(n_points, n_powers, low=0.0):
    return np.vander(np.linspace(low, 1, n_points), n_powers)


@pytest.mark.parametrize("memory", [NO_GRAM, 2**30])
@pytest.mark.parametrize(("D", "reg", "tol"), [
    (vandermonde(10_000, 20, -1.0).T.copy(), 1e-4, 1e-10),
    (vandermonde(1000, 20, -1.0), 1e-4, 1e-14),
    (vandermonde(20, 200), 1e-6, 1e-9),
    (1 + 1e-5 * np.random.default_rng(0).standard_normal((4, 4)), 1e-8, 1e-9),
    (1 + 1e-5 * np.random.default_rng(1).standard_normal((4, 4)), 1e-6, 1e-9),
])
def test_ill_conditioned_problems_end(D, reg, tol, memory):
    """In a few hundred rounds at most, with a point no worse than zero, a
    certificate, and a warning that names what limits it.

    max_rounds is never reached: with it, the default of 10^4 would be.
    """
    if memory == 2**30 and D.shape[1] > 1000:
        memory = 2**25
    rng = np.random.default_rng(1)
    x = rng.standard_normal((3, len(D)))
    lmbd = reg * abs(x @ D).max(axis=1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        z, gap = solve_lasso(D, x, lmbd, tol, max_rounds=1000, memory=memory)
    for warning in caught:
        assert "rounding limits the gap" in str(warning.message)
        assert "raise max_rounds" not in str(warning.message)
    assert bool(caught) == (gap > tol).any()
    assert (cost_over_start(z, D, x, lmbd) <= 1 + 1e-12).all()
    # D'(x - Dz), over lmbd, is known up to the rounding of its sums
    rounding = len(D) * np.finfo(float).eps * (
        abs(z) @ abs(D).T @ abs(D)).max(axis=1) / lmbd
    assert (abs(gap - duality_gap(z, D, x, lmbd))
            <= 0.1 * tol + 2 * rounding).all()


def test_rounds_are_bounded_in_all():
    """max_rounds bounds the rounds of all working sets of a problem."""
    rng = np.random.default_rng(0)
    D, x = rng.standard_normal((30, 400)), rng.standard_normal((1, 30))
    lmbd = 1e-3 * abs(x @ D).max()
    costs = []
    for max_rounds in (1, 2, 4, 8):
        with pytest.warns(UserWarning, match=r"raise max_rounds \(now"):
            z = solve_lasso(D, x, lmbd, 1e-12, max_rounds=max_rounds,
                            memory=NO_GRAM).z
        costs.append(lasso_cost(z, D, x, lmbd)[0])
    assert (np.diff(costs) <= 0).all()
    assert costs[-1] < costs[0]


def test_calls_on_several_threads_leave_blas_as_it_was(small_lasso):
    def counts():
        return [lib["num_threads"] for lib in threadpool_info()
                if lib["user_api"] == "blas"]

    before, z = counts(), solve_lasso(*small_lasso, 1e-12).z
    found = [None] * 4

    def solve(n):
        for _ in range(20):
            found[n] = solve_lasso(*small_lasso, 1e-12).z

    threads = [threading.Thread(target=solve, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts() == before
    for other in found:
        np.testing.assert_allclose(other, z, atol=1e-12)


def test_tensors_are_arrays(small_lasso):
    D, x, lmbd = small_lasso
    z = solve_lasso(*small_lasso).z
    found = solve_lasso(*map(torch.as_tensor, small_lasso)).z
    assert isinstance(found, np.ndarray)
    np.testing.assert_array_equal(found, z)
    with pytest.raises(ValueError, match=r"lmbd must be an array of real "
                       r"numbers, got Tensor .*numpy\(force=True\)"):
        solve_lasso(D, x, torch.tensor(lmbd, requires_grad=True))


def test_gap_is_exact(small_lasso):
    """The formula, in rational arithmetic, in any unit."""
    D, x, lmbd = small_lasso
    z = solve_lasso(D, x, lmbd, 1e-3).z
    gaps = []
    for i in range(len(x)):
        atoms, sample, code = (
            np.array([Fraction(float(v)) for v in a.ravel()]).reshape(a.shape)
            for a in (D, x[i], z[i]))
        residual = sample - atoms @ code
        bound = max(abs(residual @ atoms))
        scale = min(Fraction(1), Fraction(lmbd[i]) / bound)
        primal = residual @ residual / 2 + Fraction(lmbd[i]) * sum(abs(code))
        dual = scale * (residual @ sample) - scale**2 * (
            residual @ residual) / 2
        gaps.append(float(2 * (primal - dual) / (sample @ sample)))
    # sums of 40 products of numbers below F(0)
    np.testing.assert_allclose(
        duality_gap(z, D, x, lmbd), gaps, rtol=0, atol=1e-14)
    for unit in (2.0**-600, 2.0**600):
        np.testing.assert_allclose(
            duality_gap(unit * z, D, unit * x, unit * lmbd), gaps, rtol=0,
            atol=1e-14)


def test_no_torch():
    """The exact solver does not wait for torch to be imported."""
    code = "import sys, unrolling.lasso; print('torch' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], check=True,
                           capture_output=True, text=True).stdout
    assert found.strip() == "False"
