"""Solutions are optimal, derivatives are those of finite differences."""
import itertools

import numpy as np
import pytest
import torch
from scipy import sparse
from sklearn.isotonic import IsotonicRegression

NAMES = ["simplex", "vertex", "entropy", "ranking", "portfolio", "l1"]
each_layer = pytest.mark.parametrize("name", NAMES)
EPS = 1e-6
"""Step of finite differences; piecewise linear layers have no error in it."""


def normal(*shape, seed=0):
    return torch.randn(*shape, dtype=torch.float64,
                       generator=torch.Generator().manual_seed(seed))


def test_simplex_projection_is_the_nearest_point(suite):
    """With a multiplier t: x = v - t where x > 0, and v <= t elsewhere."""
    v = 3 * normal(50, 7)
    v[0], v[1] = 1.0, torch.arange(7)
    x = suite.feasible_sets.project_simplex(v)
    assert (x >= 0).all()
    torch.testing.assert_close(x.sum(1), torch.ones(50).double())
    t = torch.where(x > 0, v - x, -torch.inf).amax(1, keepdim=True)
    torch.testing.assert_close(x, (v - t).clamp(min=0))


def test_permutahedron_projection_is_the_nearest_point(suite):
    """<v - x, p - x> <= 0 for each of the set's vertices p, and the largest k
    entries of x sum to no more than those of a vertex."""
    n, v = 4, 2 * normal(40, 4)
    x, dual = suite.feasible_sets.project_permutahedron(v)
    ranks = torch.linspace(1, 0, n, dtype=torch.float64)
    vertices = torch.stack([ranks[list(p)] for p in
                            itertools.permutations(range(n))])
    products = (v - x) @ vertices.T - ((v - x) * x).sum(1, keepdim=True)
    assert products.max() <= 1e-12
    ordered = x.sort(1, descending=True).values.cumsum(1)
    assert (ordered <= ranks.cumsum(0) + 1e-12).all()
    torch.testing.assert_close(ordered[:, -1], ranks.sum().expand(40))
    torch.testing.assert_close(v - x, dual)


def test_ranks_that_are_decided_have_no_rounding(suite):
    v = 1e3 * normal(40, 8)
    x, _ = suite.feasible_sets.project_permutahedron(v)
    ranks = torch.linspace(1, 0, 8, dtype=torch.float64)
    decided = v.sort(1, descending=True).values.diff(dim=1).max(1).values < -1
    assert decided.any()
    expected = ranks[v.argsort(1, descending=True).argsort(1)]
    assert (x[decided] == expected[decided]).all()


def test_non_increasing_regression_is_scikit_learns(suite):
    y = normal(30, 9)
    fitted = suite.feasible_sets.non_increasing(y)
    for row, own in zip(y.numpy(), fitted.numpy(), strict=True):
        np.testing.assert_allclose(own, IsotonicRegression(
            increasing=False).fit_transform(range(9), row), atol=1e-12)


@each_layer
def test_solutions_are_minimisers(suite, name):
    """Of L, and of its perturbed and augmented form: each costs less than the
    way to any other solution of the layer."""
    objective = suite.make_objective(name)
    layer, w = objective.layer, suite.inputs(objective)
    x = layer.solve(w).x
    linear, rhos = normal(*x.shape), (0.0, 0.7) if layer.augmentable else (0,)
    others = layer.solve(suite.inputs(objective, scale=10, seed=1)).x
    for tau, rho in itertools.product((0.0, 0.5), rhos):
        def cost(v, tau=tau, rho=rho):
            return layer.value(v, w) + tau * (linear * v).sum(
                1) + rho / 2 * ((v - x) ** 2).sum(1)

        best = layer.solve(w, tau * linear, rho, x, x).x
        for share in (1e-3, 0.1, 1.0):
            assert (cost(best + share * (others - best))
                    >= cost(best) - 1e-12).all()


@pytest.mark.parametrize("name", ["portfolio", "l1"])
@pytest.mark.parametrize("rho", [0.0, 0.7])
def test_quadratic_layers_meet_the_optimality_condition(suite, name, rho):
    """A subgradient is 0; on the simplex, up to a multiplier."""
    objective = suite.make_objective(name)
    layer, w = objective.layer, suite.inputs(objective)
    center, linear = normal(len(w), len(layer.Q)), normal(len(w), len(layer.Q))
    x = layer.solve(w, linear, rho, center).x
    c, weights = layer.parts(w)
    down = c - linear + rho * center - x @ layer.Q - rho * x
    if name == "l1":
        assert (down.abs() <= weights + 1e-10).all()
        on = x != 0
        torch.testing.assert_close(down[on], (weights * x.sign())[on])
    else:
        top = down.amax(1, keepdim=True)
        assert ((top - down) * x).abs().max() < 1e-10
        assert x.min() >= -1e-12
        torch.testing.assert_close(x.sum(1), torch.ones(len(w)).double())


@each_layer
def test_gradient_in_w_is_autograds(suite, name):
    objective = suite.make_objective(name)
    layer, w = objective.layer, suite.inputs(objective)
    x, w = layer.solve(w).x, w.detach().requires_grad_()
    [grad] = torch.autograd.grad(layer.value(x, w).sum(), w)
    torch.testing.assert_close(layer.grad(x), grad)


@each_layer
def test_adjoint_is_that_of_finite_differences(suite, name):
    """<v, J d> = <J' v, d> for random v and d, row by row."""
    objective = suite.make_objective(name, n_train=30)
    layer, w = objective.layer, suite.inputs(objective)
    here = layer.solve(w)
    d, v = normal(*w.shape, seed=1), normal(*here.x.shape, seed=2)
    change = (layer.solve(w + EPS * d).x - layer.solve(w - EPS * d).x) / (
        2 * EPS)
    expected = (change * v).sum(1)
    assert expected.abs().max() > 1e-3
    torch.testing.assert_close(
        (layer.adjoint(w, here, v) * d).sum(1), expected,
        rtol=1e-5, atol=1e-6 * expected.abs().max().item())


@pytest.mark.parametrize("name", ["simplex", "entropy", "portfolio", "l1"])
def test_unrolled_iterations_converge_to_solution_and_adjoint(suite, name):
    objective = suite.make_objective(name)
    layer, w = objective.layer, suite.inputs(objective)
    here = layer.solve(w)
    v, w = normal(*here.x.shape), w.detach().requires_grad_()
    errors = []
    for n_iter in (1, 30, 1000):
        x = layer.unroll(w, n_iter)
        [dw] = torch.autograd.grad(
            (x * v).sum(), w, allow_unused=True, materialize_grads=True)
        errors.append([(x - here.x).abs().max().item(), (
            dw - layer.adjoint(w, here, v)).abs().max().item()])
    first, middle, last = np.array(errors)
    assert (middle < first).all()
    assert (last < 1e-6).all()


def test_linear_and_warm_starts_do_not_change_solutions(suite):
    for name in ("portfolio", "l1"):
        objective = suite.make_objective(name)
        layer, w = objective.layer, suite.inputs(objective)
        cold = layer.solve(w)
        warm = layer.solve(w, start=cold.x)
        torch.testing.assert_close(warm.x, cold.x, rtol=0, atol=1e-11)
        assert warm.n_iter <= cold.n_iter


def test_inputs_that_are_not_numbers_end(suite):
    """Their rows are NaN, and others are solved."""
    for name in NAMES:
        objective = suite.make_objective(name)
        w = suite.inputs(objective)
        expected = objective.layer.solve(w).x[1:]
        w[0] = torch.nan
        x = objective.layer.solve(w).x
        assert x[0].isnan().any()
        torch.testing.assert_close(x[1:], expected)


def test_entropy_has_no_augmented_problem(suite):
    objective = suite.make_objective("entropy")
    with pytest.raises(ValueError, match="rho must be 0"):
        objective.layer.solve(suite.inputs(objective), rho=1.0)


@pytest.mark.filterwarnings("ignore")
def test_portfolio_is_diffcps(suite):
    """Solution and backward pass of LPGD, by another package, if it is
    installed: c is -w there, and tau times dx is added to it."""
    diffcp = pytest.importorskip("diffcp")
    objective = suite.make_objective("portfolio")
    layer, w = objective.layer, suite.inputs(objective)
    n, tau, dx = len(layer.Q), 1e-3, normal(*w.shape)
    A = sparse.csc_matrix(np.vstack([np.ones(n), -np.eye(n)]))
    b, cones = np.eye(n + 1)[0], {diffcp.ZERO: 1, diffcp.POS: n}
    here, above, below = (
        layer.solve(w, sign * tau * dx).x for sign in (0, 1, -1))
    for row in range(3):
        x, y, s, _, adjoint = diffcp.solve_and_derivative(
            A, b, -w[row].numpy(), cones, P=sparse.csc_matrix(
                layer.Q.numpy()), mode="lpgd", derivative_kwargs={
                    "tau": tau, "rho": 0.0}, solve_method="Clarabel")
        np.testing.assert_allclose(x, here[row], atol=1e-6)
        _, _, dc = adjoint(dx[row].numpy(), 0 * y, 0 * s)
        np.testing.assert_allclose(
            -dc, (below - above)[row] / (2 * tau), atol=1e-4)
