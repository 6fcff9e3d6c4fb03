"""What prox_tv takes, gives back of the same kind, and refuses."""
import warnings

import numpy as np
import pytest
import torch

from unrolling import (
    prox_tv,
)


@pytest.mark.parametrize("n_samples", [3, 50])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numpy_in_numpy_out(rng, dtype, n_samples):
    u = rng.standard_normal((n_samples, 20)).astype(dtype)
    v = prox_tv(u, 0.5)
    tensor = prox_tv(torch.tensor(u), 0.5)
    assert isinstance(v, np.ndarray)
    assert v.dtype == dtype
    assert tensor.dtype == getattr(torch, dtype)
    np.testing.assert_allclose(
        v, prox_tv(u.astype(float), 0.5), atol=4 * np.finfo(dtype).eps)
    np.testing.assert_allclose(tensor.numpy(), v, atol=1e-6)
    assert prox_tv(np.array([[1, 2, 9]]), 1).tolist() == [[2, 2, 8]]


def test_arrays_that_lie_otherwise_in_memory(rng):
    u = rng.standard_normal((30, 8))
    for view in (u[::2], u.T, u[:, ::-1], np.asfortranarray(u)):
        before = view.copy()
        expected = prox_tv(np.ascontiguousarray(view), 0.4)
        np.testing.assert_array_equal(prox_tv(view, 0.4), expected)
        np.testing.assert_array_equal(view, before)
    u.flags.writeable = False
    prox_tv(u, 0.4)


def test_no_rows():
    assert prox_tv(np.zeros((0, 4)), 1.0).shape == (0, 4)
    assert prox_tv(torch.zeros(0, 4), torch.zeros(0)).shape == (0, 4)


@pytest.mark.parametrize("convert", [np.asarray, torch.as_tensor])
@pytest.mark.parametrize(("u", "lmbd", "message"), [
    (np.zeros(3), 1.0, r"got \(3,\): signals are rows"),
    (np.zeros((2, 0)), 1.0, "n_times >= 1"),
    (np.zeros((2, 3)), np.ones(3), r"one per row of u \(2\), got shape"),
    (np.zeros((2, 3)), -1.0, "finite and >= 0, got -1"),
    (np.zeros((2, 3)), np.nan, "finite and >= 0, got nan"),
    (np.array([[0, np.nan, np.inf]]), 1.0, "got 2 NaN or infinite"),
])
def test_bad_input(convert, u, lmbd, message):
    with pytest.raises(ValueError, match=message):
        prox_tv(convert(u), convert(lmbd))


def test_bad_dtype():
    with pytest.raises(ValueError, match=r"got torch.int64: convert it"):
        prox_tv(torch.zeros(2, 3, dtype=int), 1.0)


def test_a_sum_that_overflows_is_no_infinity():
    u = np.full((1, 4), 1e308) * np.array([1, 1, -1, -1])
    with warnings.catch_warnings(action="error"):
        assert np.isfinite(prox_tv(u / 4, 1.0)).all()
        prox_tv(u, 1.0)
