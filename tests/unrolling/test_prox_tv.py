"""prox_tv is the prox of lmbd ||nabla .||_1, whichever way it is computed."""
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from unrolling import (
    prox_tv,
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


@pytest.mark.parametrize("shape", [(), (4,)])
@pytest.mark.parametrize("kind", ["noise", "walk"])
def test_gradcheck(rng, kind, shape):
    u = torch.tensor(SIGNALS[kind](rng, 15), requires_grad=True)
    lmbd = torch.tensor(rng.uniform(0.3, 1, shape), requires_grad=True)
    assert torch.autograd.gradcheck(prox_tv, (u, lmbd))
    assert torch.autograd.gradcheck(lambda u: prox_tv(u, 1e3), u)
    assert torch.autograd.gradcheck(lambda u: prox_tv(u, 0.0), u)


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


def test_no_penalty_leaves_ties_on_every_device():
    """Sums of the entries are rounded, the entries are not."""
    u = torch.tensor(np.random.default_rng(0).integers(0, 3, (4, 1000)) / 3)
    for found in (string_splitting.taut_string(u, torch.zeros(4)),
                  prox_tv(u, 0.0)):
        assert torch.equal(found, u)
    u[1, 3] = torch.nan
    assert string_splitting.taut_string(u, torch.zeros(4))[1].isnan().all()
