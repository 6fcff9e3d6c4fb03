"""What solve_tv and its certificates take, and what they refuse."""
import warnings

import numpy as np
import pytest
import scipy.sparse
import torch

from unrolling import solve_tv, tv_path
from unrolling.tv import (
    best_constant,
    tv_cost,
    tv_duality_gap,
    tv_lmbd_max,
)


def test_tensors_and_lists(rng, make_blocks):
    A = rng.standard_normal((5, 8))
    x = make_blocks(rng, A)
    expected = solve_tv(A, x, 0.3).u
    for convert in (torch.tensor, np.ndarray.tolist, np.asfortranarray):
        u = solve_tv(convert(A), convert(x), 0.3).u
        assert isinstance(u, np.ndarray)
        np.testing.assert_allclose(u, expected, atol=1e-9)


@pytest.mark.parametrize("lay_out", [
    np.asfortranarray, lambda x: np.repeat(x, 2, axis=1)[:, ::2]],
    ids=["by columns", "strided"])
def test_denoising_of_any_layout(rng, lay_out):
    """Many short series, which lanes of a CPU share."""
    x = rng.standard_normal((40, 100)).cumsum(axis=1)
    solution = solve_tv(np.eye(100), lay_out(x), 0.3)
    assert solution.gap.max() < 1e-12
    expected = solve_tv(np.eye(100), x, 0.3)
    np.testing.assert_allclose(solution.u, expected.u, atol=1e-12)


def test_input_is_left_alone(rng, make_blocks):
    A = rng.standard_normal((5, 8))
    x = make_blocks(rng, A)
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
