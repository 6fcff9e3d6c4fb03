"""Operators, projections and the prox, against definitions and peers."""
import numpy as np
import pytest
from scipy.ndimage import convolve
from scipy.optimize import LinearConstraint, minimize

from unrolling.differences import nabla
from unrolling.prox import prox_tv

SHAPES = pytest.mark.parametrize("shape", [(1, 6), (6, 1), (5, 7), (1, 1)])
KINDS = pytest.mark.parametrize("isotropic", [True, False])


@SHAPES
def test_adjoint(suite, shape):
    """Of the blur, which is its own."""
    pixels, rng = suite.pixels, np.random.default_rng(0)
    u, v = rng.standard_normal((2, 3, *shape))
    A = pixels.Convolution(pixels.spectrum_of(suite.kernel, *shape))
    assert (A(u) * v).sum() == pytest.approx((u * A(v)).sum())
    np.testing.assert_allclose(A.normal(u), A(A(u)), atol=1e-13)


@SHAPES
def test_matrices_of_the_operators(suite, shape):
    """Norm and eigenvalues, from dense matrices."""
    pixels = suite.pixels
    units = np.eye(np.prod(shape)).reshape(-1, *shape)
    differences = nabla(units).reshape(len(units), -1).T
    A = pixels.Convolution(pixels.spectrum_of(suite.kernel, *shape))
    dense = A(units).reshape(len(units), -1)
    assert pytest.approx(np.linalg.norm(dense, 2) ** 2) == A.L
    np.testing.assert_allclose(
        A.filtered(units, A.laplacian).reshape(len(units), -1),
        differences.T @ differences, atol=1e-12)


@pytest.mark.parametrize("shape", [(5, 7), (9, 4), (6, 6)])
def test_blur_is_scipys_reflexive_convolution(suite, shape):
    pixels = suite.pixels
    u = np.random.default_rng(0).standard_normal((3, *shape))
    A = pixels.Convolution(pixels.spectrum_of(suite.kernel, *shape))
    expected = [convolve(v, suite.kernel, mode="reflect") for v in u]
    np.testing.assert_allclose(A(u), expected, atol=1e-13)
    np.testing.assert_allclose(
        suite.pictures.reflexive(u, suite.kernel), expected, atol=1e-13)


def test_a_kernel_larger_than_the_image(suite):
    """Images go on as often as need be."""
    kernel = suite.pictures.gaussian(1.5)
    u = np.random.default_rng(0).standard_normal((2, 3, 4))
    A = suite.pixels.Convolution(suite.pixels.spectrum_of(kernel, 3, 4))
    np.testing.assert_allclose(
        A(u), suite.pictures.reflexive(u, kernel), atol=1e-13)


@pytest.mark.parametrize("shape", [(1, 9), (9, 1)])
@KINDS
def test_one_row_is_the_prox_in_one_dimension(suite, shape, isotropic):
    v = np.random.default_rng(0).standard_normal((4, *shape))
    u, _ = suite.fgp.prox_tv2d(v, 0.4, isotropic, n_steps=1000)
    np.testing.assert_allclose(
        u.reshape(4, 9), prox_tv(v.reshape(4, 9), 0.4), atol=1e-9)


def test_prox_of_differences_of_rows_only(suite):
    """Columns that are equal stay so: each row is a problem of its own."""
    v = np.random.default_rng(0).standard_normal((3, 1, 6))
    u, _ = suite.fgp.prox_tv2d(
        np.repeat(v, 4, axis=1), 0.3, False, n_steps=1000)
    np.testing.assert_allclose(
        u, np.repeat(prox_tv(v[:, 0], 0.3)[:, None], 4, axis=1), atol=1e-9)


@KINDS
def test_prox_against_a_general_solver(suite, isotropic):
    """The cost of a smooth problem with constraints, by scipy's SLSQP."""
    shape, t = (3, 3), 0.3
    v = np.random.default_rng(0).standard_normal((1, *shape))
    units = np.eye(9).reshape(9, *shape)
    differences = nabla(units).reshape(9, -1).T
    n = len(differences)

    def dual(p):
        image = v.ravel() - differences.T @ p
        return 0.5 * image @ image, -differences @ image

    if isotropic:
        constraints = [{
            "type": "ineq",
            "fun": lambda p: t**2 - (p.reshape(2, -1) ** 2).sum(axis=0),
            "jac": lambda p: np.hstack([
                np.diag(-2 * half) for half in p.reshape(2, -1)])}]
    else:
        constraints = [LinearConstraint(np.eye(n), -t, t)]
    found = minimize(dual, np.zeros(n), jac=True, method="SLSQP",
                     constraints=constraints,
                     options={"maxiter": 1000, "ftol": 1e-14})
    # it may end where rounding stops its line search: at the solution, too
    assert found.success or "linesearch" in found.message
    u, _ = suite.fgp.prox_tv2d(v, t, isotropic, n_steps=5000)
    np.testing.assert_allclose(
        u.ravel(), v.ravel() - differences.T @ found.x, atol=1e-6)
