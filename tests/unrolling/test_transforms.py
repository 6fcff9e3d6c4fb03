"""Constrained parameters: what training moves can take every value."""
import pytest
import torch

from unrolling.transforms import FREE, ORTHOGONAL, POSITIVE, SYMMETRIC

SIZES = pytest.mark.parametrize("n", [1, 2, 3, 7, 30])


def normal(*shape):
    return torch.randn(*shape, dtype=torch.float64,
                       generator=torch.Generator().manual_seed(0))


@SIZES
def test_symmetric(n):
    variable = normal(n * (n + 1) // 2)
    matrix = SYMMETRIC.decode(variable)
    assert matrix.shape == (n, n)
    assert torch.equal(matrix, matrix.mT)
    assert torch.equal(SYMMETRIC.encode(matrix), variable)
    other = normal(n, n) + normal(n, n).mT
    assert torch.equal(SYMMETRIC.decode(SYMMETRIC.encode(other)), other)


@SIZES
def test_orthogonal(n):
    variable = normal(n * (n - 1) // 2)
    matrix = ORTHOGONAL.decode(variable)
    torch.testing.assert_close(
        matrix @ matrix.mT, torch.eye(n, dtype=torch.float64), rtol=0,
        atol=1e-13)
    assert torch.linalg.det(matrix) == pytest.approx(1, abs=1e-12)
    torch.testing.assert_close(ORTHOGONAL.encode(matrix), variable, rtol=0,
                               atol=1e-10)


@SIZES
def test_the_identity(n):
    """From which networks start, exactly."""
    identity = torch.eye(n, dtype=torch.float64)
    for transform in (SYMMETRIC, ORTHOGONAL):
        variable = transform.encode(identity)
        assert torch.equal(transform.decode(variable), identity)


def test_every_rotation_of_the_plane():
    for angle in (-3.0, -1.0, 1e-9, 2.0, 3.1):
        angle = torch.tensor(angle, dtype=torch.float64)
        rotation = torch.stack([
            torch.stack([angle.cos(), -angle.sin()]),
            torch.stack([angle.sin(), angle.cos()])])
        torch.testing.assert_close(
            ORTHOGONAL.decode(ORTHOGONAL.encode(rotation)), rotation)


def test_positive():
    value = normal(10).abs() * 10.0 ** torch.arange(-5, 5)
    torch.testing.assert_close(
        POSITIVE.decode(POSITIVE.encode(value)), value, rtol=1e-14, atol=0)
    assert (POSITIVE.decode(30 * normal(10)) > 0).all()


@pytest.mark.parametrize(("transform", "n_variables"), [
    (FREE, 5), (POSITIVE, 5), (SYMMETRIC, 10), (ORTHOGONAL, 6)])
def test_gradients(transform, n_variables):
    variable = normal(n_variables).requires_grad_()
    assert torch.autograd.gradcheck(transform.decode, (variable,))
