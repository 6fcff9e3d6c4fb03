"""prox_tv has a prox's properties: Moreau's identity, a Lasso, gradients."""
import numpy as np
import pytest
import torch
from scipy.optimize import lsq_linear
from scipy.sparse import csc_array

from unrolling import (
    prox_tv,
    solve_lasso,
)


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


def test_there_is_no_second_derivative(rng):
    """It is refused where it would be zero, by all of torch's ways to it."""
    u = torch.tensor(rng.standard_normal((2, 9)), requires_grad=True)

    def cost(u):
        return prox_tv(u, 0.5).square().sum()

    for ask in (lambda: torch.autograd.grad(cost(u), u, create_graph=True),
                lambda: torch.autograd.functional.hessian(cost, u),
                lambda: cost(u).backward(create_graph=True)):
        with pytest.raises(RuntimeError, match="prox_tv has no second "
                           "derivative, got create_graph=True"):
            ask()


@pytest.mark.parametrize("u", [
    np.array([[1 + 1j, 2]]), np.array([["1", "2"]]), csc_array([[1.0, 2.0]])])
def test_what_is_not_real_is_refused(u):
    with pytest.raises(ValueError, match="u must be"):
        prox_tv(u, 0.1)