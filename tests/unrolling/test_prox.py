"""Soft-thresholding is the prox of t ||.||_1, for every kind of input."""
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from unrolling.lasso.steps import proximal_step
from unrolling.prox import project_l1_ball, prox_linf, soft_threshold

EPS = np.finfo(float).eps


def test_prox_beats_random_points(rng):
    v, t = rng.standard_normal(50), 0.3

    def cost(z):
        return t * abs(z).sum() + 0.5 * ((z - v) ** 2).sum()

    p = soft_threshold(v, t)
    for radius in (1e-4, 1e-2, 1):
        others = p + radius * rng.standard_normal((100, 50))
        assert all(cost(p) < cost(q) for q in others)


@pytest.mark.parametrize("t", [0.0, 0.3, 10.0])
def test_residual_is_a_subgradient(rng, t):
    v = rng.standard_normal(1000)
    p = soft_threshold(v, t)
    u, rounding = v - p, 2 * EPS * abs(v).max()
    assert (abs(u) <= t + rounding).all()
    active = p != 0
    np.testing.assert_allclose(
        u[active], t * np.sign(p[active]), rtol=0, atol=rounding)


def test_moreau_identity(rng):
    """v - ST(v, t) is v's projection on the ball ||q||_inf <= t."""
    v, t = 3 * rng.standard_normal(30), 0.7
    q = v - soft_threshold(v, t)
    assert abs(q).max() <= t * (1 + 2 * EPS)
    inside = rng.uniform(-t, t, (1000, 30))
    assert ((inside - q) @ (v - q) <= 0).all()
    ball = np.sign(v) * np.minimum(abs(v), t)
    np.testing.assert_allclose(q, ball, rtol=0, atol=2 * EPS * abs(v).max())


numbers = st.floats(-1e6, 1e6)


@settings(derandomize=True, database=None, deadline=None)
@given(u=numbers, v=numbers, t=st.floats(0, 1e6))
def test_nonexpansive_monotone_and_odd(u, v, t):
    pu, pv = (soft_threshold(np.float64(w), t) for w in (u, v))
    assert abs(pu - pv) <= abs(u - v) + 4 * EPS * max(abs(u), abs(v))
    assert (pu - pv) * (u - v) >= 0
    assert soft_threshold(np.float64(-v), t) == -pv


@pytest.mark.parametrize("shape", [(), (4,), (5, 1), (5, 4)])
def test_numpy_equals_torch(rng, shape):
    v, t = rng.standard_normal((5, 4)), rng.uniform(0.1, 1, shape)
    expected = soft_threshold(v, t)
    result = soft_threshold(torch.tensor(v), torch.tensor(t))
    np.testing.assert_array_equal(result.numpy(), expected)
    # the formula, coded otherwise: the same up to one rounding
    formula = np.sign(v) * np.maximum(abs(v) - t, 0)
    np.testing.assert_allclose(expected, formula, rtol=0, atol=2 * EPS)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_keeps_the_dtype(dtype):
    v = torch.tensor([-2.0, 0.5, 2.0], dtype=dtype)
    for t in (1.0, torch.tensor(1.0), torch.ones(3, dtype=dtype)):
        z = soft_threshold(v, t)
        assert z.dtype == dtype
        assert z.tolist() == [-1, 0, 1]


@pytest.mark.parametrize("shape", [(), (3,)])
@pytest.mark.parametrize("t", [np.inf, np.nan])
def test_a_threshold_that_overflowed(t, shape):
    """As in the formula: zero for infinity, NaN for NaN, and no exception
    out of a training that diverges."""
    v = np.array([-1.0, 0, 2])
    expected = v * 0 if np.isinf(t) else v * np.nan
    t = np.full(shape, t)
    np.testing.assert_array_equal(soft_threshold(v, t), expected)
    result = soft_threshold(torch.tensor(v), torch.tensor(t))
    np.testing.assert_array_equal(result.numpy(), expected)


def test_nan_and_infinity_are_not_hidden():
    v = np.array([np.nan, np.inf, -np.inf, 1.0])
    expected = np.array([np.nan, np.inf, -np.inf, 0.5])
    np.testing.assert_array_equal(soft_threshold(v, 0.5), expected)
    for t in (0.5, torch.full((4,), 0.5)):
        result = soft_threshold(torch.tensor(v), t)
        np.testing.assert_array_equal(result.numpy(), expected)
    z, direction = torch.tensor(np.stack([0 * np.ones(4), v]))[:, None]
    for grad_mode in (True, False):
        with torch.set_grad_enabled(grad_mode):
            result = proximal_step(z, direction.clone(), -1.0, 0.5)
        np.testing.assert_array_equal(result[0].numpy(), expected)


@pytest.mark.parametrize("shape", [(), (4,), (5, 1), (5, 4)])
def test_gradcheck(rng, shape):
    """In v and t, away from the kinks |v| = t."""
    t = rng.uniform(0.5, 1, shape)
    ratio = rng.choice([-2, -1.5, -0.5, 0, 0.5, 1.5, 2], (5, 4))
    v = torch.tensor(ratio * t, requires_grad=True)
    t = torch.tensor(t, requires_grad=True)
    assert torch.autograd.gradcheck(soft_threshold, (v, t))


def test_gradient_at_a_known_point():
    v = torch.tensor([-3.0, 0.5, 3.0], requires_grad=True)
    t = torch.tensor(1.0, requires_grad=True)
    soft_threshold(v, t).sum().backward()
    assert v.grad.tolist() == [1, 0, 1]
    assert t.grad.item() == 0  # d/dt is +1 at -3 and -1 at 3


SHAPES = pytest.mark.parametrize(
    ("step_shape", "t_shape"), [((), ()), ((), (7,)), ((7,), (7,))])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@SHAPES
def test_proximal_step_is_the_formula(rng, dtype, step_shape, t_shape):
    z, direction = torch.tensor(rng.standard_normal((2, 6, 7)), dtype=dtype)
    step, t = (torch.tensor(rng.uniform(0.1, 1, shape), dtype=dtype)
               for shape in (step_shape, t_shape))
    expected = soft_threshold(z - step * direction, t)
    before = z.clone(), direction.clone()
    results = [proximal_step(z, direction, step, t)]
    with torch.no_grad():
        results.append(proximal_step(z, direction, step, t))
        assert torch.equal(z, before[0])
        assert torch.equal(direction, before[1])
        results += [proximal_step(z, direction.clone(), step, t, out=out)
                    for out in (direction.clone(), z.clone())]
        for k in range(2):  # in the place of the one and of the other
            arrays = z.clone(), direction.clone()
            out = proximal_step(*arrays, step, t, out=arrays[k])
            assert out is arrays[k]
            results.append(out)
    results.append(torch.as_tensor(proximal_step(
        *(v.numpy() for v in (z, direction, step, t)))))
    for out in results:
        assert out.dtype == dtype
        # a compiler may fuse z - step * direction into one rounding
        torch.testing.assert_close(
            out, expected, rtol=0, atol=8 * torch.finfo(dtype).eps)


@SHAPES
def test_gradients_of_proximal_step(rng, step_shape, t_shape):
    """In all four, away from the kinks, and for an incoming gradient that
    autograd does not store."""
    t = rng.uniform(0.5, 1, t_shape)
    step = rng.uniform(0.5, 1, step_shape)
    direction = rng.standard_normal((5, 7))
    ratio = rng.choice([-2, -1.5, -0.5, 0, 0.5, 1.5, 2], (5, 7))
    values = [torch.tensor(v, requires_grad=True) for v in (
        ratio * t + step * direction, direction, step, t)]
    assert torch.autograd.gradcheck(proximal_step, values)
    ours = torch.autograd.grad(proximal_step(*values).sum(), values)
    z, direction, step, t = values
    for grad, expected in zip(ours, torch.autograd.grad(
            soft_threshold(z - step * direction, t).sum(), values),
            strict=True):
        torch.testing.assert_close(grad, expected, rtol=0, atol=1e-13)


def test_second_derivatives(rng):
    v = torch.tensor(rng.standard_normal((3, 4)), requires_grad=True)
    t = torch.tensor(0.3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradgradcheck(soft_threshold, (v, t))


def test_tensors_of_integers_are_refused():
    """A threshold would be cut to an integer."""
    v = torch.tensor([[3, 2, -4]])
    for function in (soft_threshold, project_l1_ball, prox_linf):
        with pytest.raises(TypeError, match="v must be a Tensor of floating"):
            function(v, torch.tensor(0.5))


@pytest.mark.parametrize("kind", [np.asarray, torch.as_tensor])
@pytest.mark.parametrize("shape", [(4,), (2, 3, 4), (3, 4)])
def test_thresholds_keep_the_shape(kind, shape):
    """Of v (3, 1): a threshold a column or a stack would make another z."""
    v, t = kind(np.ones((3, 1))), kind(np.ones(shape))
    with pytest.raises(ValueError, match=r"to v, of shape \(3, 1\)"):
        soft_threshold(v, t)


def test_arrays_of_unsigned_integers_are_sorted():
    """They have no opposite."""
    v = np.array([[0, 3, 1]], np.uint8)
    np.testing.assert_allclose(project_l1_ball(v, 1.0), [[0, 1, 0]])


def test_a_proximal_step_has_no_second_derivative():
    z = torch.ones(2, 3, dtype=torch.float64, requires_grad=True)
    with pytest.raises(RuntimeError, match="proximal_step has no second"):
        torch.autograd.grad(proximal_step(z, z, 0.1, 0.1).sum(), z,
                            create_graph=True)
