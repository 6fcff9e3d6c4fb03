"""prox_tv is the prox of lmbd ||nabla .||_1, whichever way it is computed."""
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import lsq_linear

from unrolling import (
    prox_tv,
    solve_lasso,
    string_lanes,
    string_splitting,
    string_walking,
    taut_string,
)
from unrolling.prox import unchecked_prox_tv

EPS = np.finfo(float).eps
LMBDS = pytest.mark.parametrize("lmbd", [0.0, 0.1, 0.5, 2.0, 50.0])


def alone(u, lmbd):
    """One row after the other: so few are not followed together."""
    return prox_tv(u, lmbd)


def together(u, lmbd):
    """Among more copies than there are lanes, which begin at another row."""
    n, n_times = u.shape
    copies = 2 + string_lanes.LANES // n
    u, lmbd = (np.concatenate([a] * copies)
               for a in (u, np.full(n, lmbd, float)))
    out, counter = np.empty_like(u), np.array([string_lanes.LANES])
    todo = string_lanes.follow_together(
        u, lmbd, 0, counter, string_walking.BUDGET * n_times, out)
    string_walking.finish(u, lmbd, inverses(n_times), todo, out)
    v = out.reshape(copies, n, n_times)
    np.testing.assert_allclose(
        v, np.broadcast_to(v[0], v.shape), atol=rounding(u, lmbd))
    return v[-1]


def inverses(n):
    """1 / k at k, for k = 1 to n."""
    return 1 / np.maximum(np.arange(n + 1.0), 1)


def split(u, lmbd):
    """What runs on a GPU, here on the CPU."""
    lmbd = torch.from_numpy(np.full(len(u), lmbd, float))
    return string_splitting.taut_string(torch.tensor(u), lmbd).numpy()


def by_dynamic_program(u, lmbd):
    """What `follow` leaves the rest to, from the first sample on."""
    out = np.empty_like(u)
    for row, solution, t in zip(
            u, out, np.full(len(u), lmbd, float), strict=True):
        string_walking.dynamic_program(row, t, solution)
    return out


def in_turns(u, lmbd):
    """A walk that goes halfway, about, and a program for the rest."""
    (m, n), out, todo = u.shape, np.empty_like(u), np.zeros((len(u), 4))
    todo[:, 0], todo[:, 3] = np.arange(m), n // 2
    string_walking.finish(u, np.full(m, lmbd, float), inverses(n), todo, out)
    return out


WAYS = pytest.mark.parametrize(
    "prox", [alone, together, split, by_dynamic_program, in_turns])


def rounding(u, lmbd):
    """Of the sums that all ways compute: eps times their size and number."""
    return 8 * EPS * u.shape[1] * (
        abs(u.cumsum(axis=1)).max() + np.max(lmbd) + 1e-300)


def check_optimality(u, v, lmbd):
    """The sums of u - v, a dual point, are in [-lmbd, lmbd], where v jumps at
    that end of it to which it jumps, and zero at the end of the row."""
    atol = rounding(u, lmbd)
    dual = (u - v).cumsum(axis=1)
    jump = np.diff(v)
    bound = np.broadcast_to(np.reshape(lmbd, (-1, 1)), jump.shape)
    np.testing.assert_allclose(dual[:, -1], 0, atol=atol)
    assert (abs(dual[:, :-1]) <= bound + atol).all()
    jumps = abs(jump) > atol  # two segments may meet at a level
    np.testing.assert_allclose(
        dual[:, :-1][jumps], (-np.sign(jump) * bound)[jumps], atol=atol)


SIGNALS = {
    "noise": lambda rng, n: rng.standard_normal((4, n)),
    "walk": lambda rng, n: rng.standard_normal((4, n)).cumsum(axis=1),
    "ties": lambda rng, n: rng.integers(-2, 3, (4, n)) * 1.0,
    "blocks": lambda rng, n: rng.standard_normal((4, 5)).repeat(
        -(-n // 5), axis=1)[:, :n],
    "smooth": lambda rng, n: np.sin(
        np.linspace(0, 7, n) * rng.uniform(1, 3, (4, 1))),
    "large": lambda rng, n: 1e6 + rng.standard_normal((4, n)),
}


@WAYS
@LMBDS
@pytest.mark.parametrize("n_times", [1, 2, 3, 10, 100])
@pytest.mark.parametrize("kind", SIGNALS)
def test_optimality(rng, prox, lmbd, n_times, kind):
    u = SIGNALS[kind](rng, n_times)
    check_optimality(u, prox(u, lmbd), lmbd)


@WAYS
def test_one_lmbd_per_row(rng, prox):
    u, lmbd = rng.standard_normal((5, 30)), np.array([0, 0.1, 0.3, 1, 100])
    v = prox(u, lmbd)
    check_optimality(u, v, lmbd)
    np.testing.assert_allclose(v[0], u[0], atol=rounding(u, 0))
    np.testing.assert_allclose(v[4], u[4].mean(), atol=rounding(u, 0))


@pytest.mark.parametrize("kind", SIGNALS)
@LMBDS
def test_all_ways_agree(rng, lmbd, kind):
    """On long rows: ramps of a smooth signal use the walk's budget up."""
    u = SIGNALS[kind](rng, 3000)
    expected = by_dynamic_program(u, lmbd)
    for prox in (alone, together, split, in_turns):
        np.testing.assert_allclose(
            prox(u, lmbd), expected, atol=rounding(u, lmbd))


@settings(derandomize=True, database=None, deadline=None)
@given(arrays(float, st.tuples(st.just(1), st.integers(1, 12)),
              elements=st.floats(-100, 100)), st.floats(0, 100))
def test_optimality_of_any_row(u, lmbd):
    for prox in (alone, together, split, by_dynamic_program, in_turns):
        check_optimality(u, prox(u, lmbd), lmbd)


def test_moreau_identity(rng):
    """u - prox is the projection of u on {nabla'p, ||p||_inf <= lmbd}: an
    independent solver of the bounded least-squares problem finds it."""
    u, lmbd = 2 * rng.standard_normal((3, 25)), 0.7
    nabla = np.diff(np.eye(25), axis=0)
    for row, v in zip(u, prox_tv(u, lmbd), strict=True):
        p = lsq_linear(nabla.T, row, (-lmbd, lmbd), tol=1e-14).x
        np.testing.assert_allclose(row - nabla.T @ p, v, atol=1e-6)


def test_the_equivalent_lasso(rng):
    """In differences it is a Lasso with cumulated columns, the mean aside."""
    u, lmbd = 2 * rng.standard_normal((20, 40)), 1.5
    D = np.tril(np.ones((40, 40)))[:, 1:]
    D -= D.mean(axis=0)
    centred = u - u.mean(axis=1, keepdims=True)
    z = solve_lasso(D, centred, lmbd, 1e-14).z
    expected = u.mean(axis=1, keepdims=True) + z @ D.T
    np.testing.assert_allclose(prox_tv(u, lmbd), expected, atol=1e-6)


def test_nonexpansive(rng):
    u, v = rng.standard_normal((2, 50, 40))
    moved = prox_tv(u, 0.8) - prox_tv(v, 0.8)
    assert (np.linalg.norm(moved, axis=1) <= np.linalg.norm(
        u - v, axis=1) * (1 + 1e-12)).all()


@pytest.mark.parametrize("shape", [(), (4,)])
@pytest.mark.parametrize("kind", ["noise", "walk"])
def test_gradcheck(rng, kind, shape):
    u = torch.tensor(SIGNALS[kind](rng, 15), requires_grad=True)
    lmbd = torch.tensor(rng.uniform(0.3, 1, shape), requires_grad=True)
    assert torch.autograd.gradcheck(prox_tv, (u, lmbd))
    assert torch.autograd.gradcheck(lambda u: prox_tv(u, 1e3), u)
    assert torch.autograd.gradcheck(lambda u: prox_tv(u, 0.0), u)


def test_gradient_at_a_known_point():
    """Two segments; the first is below the second: lmbd / 2 moves it up, and
    lmbd / 3 the second down."""
    u = torch.tensor([[0.0, 0, 6, 6, 6]], requires_grad=True)
    lmbd = torch.tensor(1.0, requires_grad=True)
    v = prox_tv(u, lmbd)
    torch.testing.assert_close(
        v, torch.tensor([[0.5, 0.5, *[6 - 1 / 3] * 3]]))
    (v * torch.tensor([[2.0, 0, 3, 0, 0]])).sum().backward()
    torch.testing.assert_close(
        u.grad, torch.tensor([[1.0, 1, 1, 1, 1]]))
    torch.testing.assert_close(lmbd.grad, torch.tensor(2 / 2 - 3 / 3))


@pytest.mark.parametrize("kind", SIGNALS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_backward_of_both_devices_agree(rng, kind, dtype):
    u = torch.tensor(SIGNALS[kind](rng, 200), dtype=dtype)
    solution, grad = prox_tv(u, 0.6), torch.randn_like(u)
    ours = taut_string.taut_string_backward(grad.numpy(), solution.numpy())
    theirs = string_splitting.taut_string_backward(grad, solution)
    for a, b in zip(ours, theirs, strict=True):
        assert b.dtype == dtype
        # sums of 200 numbers of size 1
        torch.testing.assert_close(torch.from_numpy(a), b, rtol=0,
                                   atol=1000 * torch.finfo(dtype).eps)


def test_there_is_no_second_derivative(rng):
    u = torch.tensor(rng.standard_normal((2, 9)), requires_grad=True)
    [grad] = torch.autograd.grad(
        prox_tv(u, 0.5).square().sum(), u, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        grad.sum().backward()


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


def test_many_rows_on_all_threads(rng, monkeypatch):
    """As one after the other, also where there are fewer rows than lanes."""
    monkeypatch.setattr(taut_string, "SHARE", 1000)
    for n_samples in (1, 20, 40, 70, 1003):
        u, lmbd = rng.standard_normal((n_samples, 97)), np.full(n_samples, 0.5)
        expected = by_dynamic_program(u, lmbd)
        for n_threads in (1, 3):
            v = taut_string.taut_string(u, lmbd, n_threads)
            np.testing.assert_allclose(v, expected, atol=rounding(u, lmbd))


@pytest.mark.parametrize("seldom", [False, True])
def test_rows_of_all_kinds_together(rng, monkeypatch, seldom):
    """Lanes that end early or late, use up their budget or start again, each
    with its own lmbd; or one row after the other."""
    monkeypatch.setattr(taut_string, "bends_seldom", lambda *_: seldom)
    n = 700
    u = np.concatenate([kind(rng, n) for kind in SIGNALS.values()] * 4)
    u, lmbd = rng.permutation(u), 10 ** rng.uniform(-2, 3, len(u))
    v = prox_tv(u, lmbd)
    for row, solution, t in zip(u, v, lmbd, strict=True):
        check_optimality(row[None], solution[None], t)


@pytest.mark.parametrize("length", [1, 3, 20, 100])
def test_length_of_segments(length):
    """Of rows that are steps up and down, and so are their solutions."""
    u = np.tile((9.0 * (np.arange(30) % 2)).repeat(length), (40, 1))
    lmbd = np.full(40, 0.1)
    assert string_walking.bends_seldom(
        u, lmbd, inverses(u.shape[1])) == (length >= string_walking.SELDOM)


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


@pytest.mark.parametrize("n_samples", [2, 40])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 3, 9])
def test_what_diverges_is_not_hidden(rng, bad, place, n_samples):
    """Without checks, as in a training: those rows are not finite, others are
    right, and the backward pass ends."""
    u = rng.standard_normal((n_samples, 10))
    u[::2, place] = bad
    expected = by_dynamic_program(u[1::2], 0.5)
    with pytest.raises(ValueError, match=f"got {n_samples // 2} NaN or inf"):
        prox_tv(u, 0.5)
    for v in (unchecked_prox_tv(u, 0.5), split(u, 0.5)):
        assert not np.isfinite(v[::2, -1]).any()
        np.testing.assert_allclose(v[1::2], expected, atol=1e-14)
        taut_string.taut_string_backward(u, v)
    lmbd = np.resize([np.inf, np.nan], n_samples)
    u[::2, place] = 0
    v = unchecked_prox_tv(u, lmbd)
    np.testing.assert_allclose(
        v[::2], u[::2].mean(axis=1, keepdims=True).repeat(10, 1), atol=1e-15)
    assert np.isnan(v[1::2]).all()


@pytest.mark.parametrize("n_samples", [2, 40])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_diverges_is_not_lost_in_the_program(rng, bad, n_samples):
    """Where smooth rows have used the walk's budget up."""
    u = SIGNALS["smooth"](rng, 3000)[np.arange(n_samples) % 4]
    expected = by_dynamic_program(u[1::2], 5.0)
    u[::2, 2500] = bad
    v = unchecked_prox_tv(u, 5.0)
    assert not np.isfinite(v[::2, -1]).any()
    np.testing.assert_allclose(v[1::2], expected, atol=rounding(u[1::2], 5.0))
