"""The projection on the l1-ball, and the prox of the l_inf norm."""
import numpy as np
import pytest
import torch

from unrolling.prox import project_l1_ball, prox_linf

EPS = np.finfo(float).eps


@pytest.fixture
def v():
    rng = np.random.default_rng(0)
    return rng.standard_normal((6, 30)) * 10.0 ** np.arange(-2, 4)[:, None]


@pytest.mark.parametrize("radius", [1e-3, 1.0, 20.0])
def test_projection_is_variational(v, radius):
    """<v - p, q - p> <= 0 for every q of the ball, and p is in it."""
    p = project_l1_ball(v, radius)
    rounding = 100 * EPS * abs(v).max(axis=1)
    assert (abs(p).sum(axis=1) <= radius + rounding).all()
    rng = np.random.default_rng(1)
    q = rng.laplace(size=(500, 30))
    q *= radius * rng.random((500, 1)) / abs(q).sum(axis=1, keepdims=True)
    corners = radius * np.vstack([np.eye(30), -np.eye(30)])
    for row, point in zip(v, p, strict=True):
        slack = 1e3 * EPS * abs(row).max() * max(radius, abs(row).max())
        for others in (q, corners):
            assert ((others - point) @ (row - point) <= slack).all()


def test_points_of_the_ball_stay(v):
    radius = abs(v).sum(axis=1, keepdims=True) * (1 + 1e-9)
    np.testing.assert_array_equal(project_l1_ball(v, radius), v)
    assert not project_l1_ball(0 * v, 1.0).any()


def test_norm_is_the_radius_outside_the_ball(v):
    radius = 0.3 * abs(v).sum(axis=1, keepdims=True)
    p = project_l1_ball(v, radius)
    np.testing.assert_allclose(
        abs(p).sum(axis=1, keepdims=True), radius, rtol=100 * EPS)


@pytest.mark.parametrize("t", [0.01, 1.0, 50.0])
def test_prox_beats_random_points(v, t):
    v = v[2:4]

    def cost(w):
        return t * abs(w).max(axis=1) + 0.5 * ((w - v) ** 2).sum(axis=1)

    p, rng = prox_linf(v, t), np.random.default_rng(1)
    for radius in (1e-4, 1e-2, 1):
        for _ in range(100):
            assert (cost(p) <= cost(p + radius * rng.standard_normal(
                v.shape)) + 1e-12).all()


def test_moreau_identity(v):
    """v = prox of t ||.||_inf + projection on the l1-ball of radius t."""
    t = np.linspace(0.1, 30, len(v))[:, None]
    np.testing.assert_allclose(
        prox_linf(v, t) + project_l1_ball(v, t), v, atol=2 * EPS * abs(
            v).max())
    # a t above ||v||_1 gives zero
    assert not prox_linf(v, 1.01 * abs(v).sum(axis=1, keepdims=True)).any()


@pytest.mark.parametrize("function", [project_l1_ball, prox_linf])
def test_numpy_equals_torch(v, function):
    t = np.linspace(0.1, 30, len(v))[:, None]
    result = function(torch.tensor(v), torch.tensor(t))
    np.testing.assert_allclose(
        result.numpy(), function(v, t), rtol=0, atol=100 * EPS * abs(v).max())


def test_one_column_and_ties():
    v = np.array([[3.0], [-0.5]])
    np.testing.assert_array_equal(
        project_l1_ball(v, 1.0), [[1.0], [-0.5]])
    np.testing.assert_allclose(
        project_l1_ball(np.ones((1, 4)), 2.0), np.full((1, 4), 0.5))
