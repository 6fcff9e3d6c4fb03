"""Arrays of any layout are taken, and what is no array of reals refused."""
import numpy as np
import pytest
import torch
from scipy.sparse import csc_array

from unrolling import CoupledLISTA, StepLISTA, fista, solve_lasso
from unrolling.tv.networks import StepLPGD

LMBD = 0.2


@pytest.fixture
def problem(rng, make_lasso):
    """D (10, 20) with unit atoms, and x (30, 10) in B_inf."""
    return make_lasso(rng, 10, 20, 30)


def read_only(array):
    """A copy that cannot be written to."""
    array = array.copy()
    array.flags.writeable = False
    return array


LAYOUTS = [
    lambda a: np.ascontiguousarray(a[::-1])[::-1],
    lambda a: np.ascontiguousarray(a[:, ::-1])[:, ::-1],
    np.asfortranarray, read_only, np.ndarray.tolist]
"""Other layouts of the same numbers."""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_arrays_of_any_layout(problem, layout):
    """Of samples, dictionaries and targets."""
    D, x = problem
    network = StepLISTA(D, LMBD).grow(3)
    z = network(x)
    for same in (network(layout(x)),
                 StepLISTA(layout(D), LMBD).grow(3)(x)):
        np.testing.assert_allclose(same, z, rtol=0, atol=1e-13)
    assert StepLPGD(layout(D), LMBD).L == pytest.approx(network.L)
    CoupledLISTA(D, LMBD).fit(layout(x), 1, target=layout(z), epochs=1)


@pytest.mark.parametrize(("change", "expected"), [
    (lambda a: a + 1j, "must be an array of real numbers, got ndarray"),
    (lambda a: torch.tensor(a) + 1j, "must be real, got torch.complex128"),
    (csc_array, r"must be a dense array here.*pass .\.toarray\(\)"),
    (lambda a: "no array", "must be an array of real numbers, got str"),
])
def test_what_is_no_array_of_reals_is_refused(problem, change, expected):
    D, x = problem
    network = StepLISTA(D, LMBD).grow(1)
    with pytest.raises(ValueError, match=f"x {expected}"):
        network(change(x))
    with pytest.raises(ValueError, match=f"D {expected}"):
        StepLISTA(change(D), LMBD)
    with pytest.raises(ValueError, match=f"A {expected}"):
        StepLPGD(change(D), LMBD)


def test_a_complex_target_is_refused(problem):
    D, x = problem
    network = StepLISTA(D, LMBD)
    with pytest.raises(ValueError, match="target must be an array of real"):
        network.fit(x, 1, target=network.solve(x) + 1j)


def test_a_device_may_be_torchs_own(problem):
    """torch.device("cpu") is "cpu"."""
    D, x = problem
    network = StepLISTA(D, LMBD).grow(2)
    moved = network.to(device=torch.device("cpu"))
    assert moved.device == "cpu"
    np.testing.assert_allclose(moved(x), network(x), rtol=0, atol=1e-12)
    assert fista(D, x, LMBD, backend="torch",
                 device=torch.device("cpu")).gap.max() <= 1e-6
    with pytest.raises(ValueError, match="device must be cpu or cuda, got "
                       "device=meta"):
        network.to(device=torch.device("meta"))


@pytest.mark.parametrize("options", [
    {"dtype": torch.float16}, {"dtype": torch.int64},
    {"device": torch.float32}])
def test_networks_are_of_single_or_double_precision(problem, options):
    D, _ = problem
    with pytest.raises(ValueError, match="dtype must be torch.float32 or "
                       "torch.float64, by its name, got"):
        StepLISTA(D, LMBD).to(**options)


@pytest.mark.parametrize(("options", "expected"), [
    ({}, "x must hold at least 2 samples, one of them for validation, got 0"),
    ({"descent_steps": 3}, "x must have one sample at least, got 0")])
def test_training_needs_samples(problem, options, expected):
    D, x = problem
    with pytest.raises(ValueError, match=expected):
        StepLISTA(D, LMBD).fit(x[:0], 2, **options)


@pytest.mark.parametrize("bad", [
    lambda x: x.astype(str), lambda x: np.ma.masked_greater(x, 0),
    lambda x: x.astype("datetime64[s]")])
def test_no_numbers_are_read_from_texts_masks_and_dates(problem, bad):
    D, x = problem
    with pytest.raises(ValueError, match="x must be an array of real numbers"):
        solve_lasso(D, bad(x), LMBD)
