"""Differences of images: adjoint, norm, projection, as defined."""
import numpy as np
import pytest
import torch

from unrolling.differences import (
    magnitude,
    nabla,
    nabla_adjoint,
    nabla_norm2,
    project,
    shrink,
    total_variation,
)

SHAPES = pytest.mark.parametrize("shape", [(1, 6), (6, 1), (5, 7), (1, 1)])
KINDS = pytest.mark.parametrize("isotropic", [True, False])


@SHAPES
def test_adjoint(shape):
    """With any dual variables; tensors as arrays."""
    rng = np.random.default_rng(0)
    u, p = rng.standard_normal((3, *shape)), rng.standard_normal(
        (3, 2, *shape))
    assert (nabla(u) * p).sum() == pytest.approx(
        (u * nabla_adjoint(p)).sum())
    np.testing.assert_array_equal(nabla(torch.tensor(u)).numpy(), nabla(u))
    np.testing.assert_array_equal(
        nabla_adjoint(torch.tensor(p)).numpy(), nabla_adjoint(p))


@SHAPES
def test_norm(shape):
    """That of the dense matrix."""
    units = np.eye(np.prod(shape)).reshape(-1, *shape)
    dense = nabla(units).reshape(len(units), -1).T
    assert nabla_norm2(*shape) == pytest.approx(
        np.linalg.norm(dense, 2) ** 2, abs=1e-12)


@KINDS
def test_total_variation_of_a_corner(isotropic):
    """A pixel at the last corner differs from two, one at the first alone
    has both differences: sqrt(2), or two."""
    u = np.zeros((2, 4, 5))
    u[0, 0, 0] = u[1, -1, -1] = 3
    expected = [3 * 2**0.5 if isotropic else 6, 6]
    np.testing.assert_allclose(total_variation(u, isotropic), expected)


@KINDS
def test_projection_is_the_closest_point(isotropic):
    rng = np.random.default_rng(0)
    p = rng.standard_normal((2, 2, 4, 5))
    q = project(p, 0.7, isotropic)
    assert magnitude(q, isotropic).max() <= 0.7 * (1 + 1e-15)
    others = project(
        rng.standard_normal((50, *p.shape)).reshape(-1, 2, 4, 5), 0.7,
        isotropic).reshape(50, *p.shape)
    # the angle at q between p and any point of the set is not acute
    assert (((p - q) * (others - q)).sum(axis=(1, 2, 3, 4)) <= 1e-12).all()
    np.testing.assert_allclose(
        project(torch.tensor(p), 0.7, isotropic).numpy(), q, rtol=1e-14)


@KINDS
def test_shrink_is_the_prox(isotropic):
    """No point nearby has a smaller 1/2 ||q - p||^2 + t sum |q|."""
    rng, t = np.random.default_rng(0), 0.7
    p = rng.standard_normal((2, 2, 4, 5))

    def cost(q):
        size = magnitude(q, isotropic)
        return ((q - p) ** 2).sum() / 2 + t * size.sum()

    q = shrink(p, t, isotropic)
    for size in (1e-4, 1e-2, 1):
        for _ in range(50):
            assert cost(q) <= cost(
                q + size * rng.standard_normal(p.shape)) + 1e-12
