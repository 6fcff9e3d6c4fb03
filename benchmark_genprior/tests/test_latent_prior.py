"""H(z) = mu/2 ||z||^2: every method minimises L + R + H."""
import numpy as np
import pytest
import torch
from scipy.optimize import minimize

MU = 0.1
N_ITER = {"Gauss-Newton": 50, "L-BFGS": 50, "ADMM-Gauss-Newton": 200}
"""Iterations, where they are not 1000."""
ADAMS_STEP = 0.01
"""It does not shrink, and is short."""


def solved(suite, solver_class, objective, n_iter=None, **given):
    """The solver after its iterations; the test is skipped, with the reason,
    if the solver is."""
    theory = suite.theory | {"Adam": {"step_size": ADAMS_STEP}}
    given = theory.get(solver_class.name, {}) | given
    solver, reason = suite.make_solver(solver_class, objective, **given)
    if reason is not None:
        pytest.skip(reason)
    solver.run_once(n_iter or N_ITER.get(solver_class.name, 1000))
    return solver


def values(objective, z):
    """L + R + H of each image's restarts."""
    return objective.of_restarts(objective.decoded(z), z)[1]


def test_gradient_is_that_of_the_value(suite):
    H = suite.regularisers.Gaussian(0.7)
    z = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    [grad] = torch.autograd.grad(H.error(z).sum(), z)
    torch.testing.assert_close(H.grad(z), grad)
    assert torch.autograd.gradcheck(H.error, z)


@pytest.mark.parametrize(("problem", "level"), [
    ("compressed_sensing", 0.5), ("inpainting", 0.3)])
def test_affine_generator_gives_the_ridge_solution(
        suite, solver_class, problem, level):
    """Every restart gets to the closed form; L + H is mu-strongly convex."""
    objective = suite.make_objective(problem, level, mu=MU)
    z = solved(suite, solver_class, objective).get_result()["z"]
    expected, best = suite.ridge(objective)
    gap = values(objective, z) - best[:, None]
    assert gap.min() >= -1e-5 * best.max()
    assert gap.max() <= 1e-4 * best.max()
    without, _ = suite.ridge(suite.make_objective(problem, level))
    expected, without = (np.repeat(v, 2, axis=0) for v in (expected, without))
    distance = np.linalg.norm(z - expected, axis=1)
    assert (distance <= np.sqrt(2e-4 * best.max() / MU)).all()
    assert (distance <= 0.1 * np.linalg.norm(z - without, axis=1)).all()


@pytest.mark.parametrize("problem", ["denoise_l1", "denoise_linf"])
@pytest.mark.parametrize("name", ["ADMM", "ADMM-Gauss-Newton"])
def test_affine_generator_and_nonsmooth_losses(suite, name, problem):
    """A quadratic program: min sum_i t_i + H(z), or one t for all, with
    |G(z) - b| <= t, by SLSQP."""
    objective = suite.make_objective(problem, 0.2, n_restarts=1, mu=0.5)
    given = {"rho": 3.0} | ({"step_size": 1.0} if name == "ADMM" else {})
    z = solved(suite, suite.get_class(name), objective,
               **given).get_result()["z"]
    W, c = (v.double().numpy() for v in (objective.G.weight,
                                         objective.G.bias))
    T = np.eye(25) if problem == "denoise_l1" else np.ones((25, 1))
    sides = np.vstack([np.hstack([-W, T]), np.hstack([W, T])])
    weights = np.append(np.zeros(3), np.ones(T.shape[1]))
    for b, value in zip(objective.b, values(objective, z), strict=True):
        right = np.concatenate([c - b, b - c])
        found = minimize(
            lambda x: weights @ x + 0.25 * (x[:3] ** 2).sum(),
            weights, jac=lambda x: weights + 0.5 * np.append(
                x[:3], 0 * x[3:]), method="SLSQP",
            constraints={"type": "ineq", "jac": lambda x: sides,
                         "fun": lambda x, right=right: sides @ x - right},
            options={"maxiter": 1000, "ftol": 1e-12})
        assert found.success
        assert (1 - 1e-5) * found.fun <= value[0] <= 1.005 * found.fun


@pytest.mark.parametrize("problem", ["compressed_sensing", "denoise_l2"])
def test_limits_are_stationary(suite, solver_class, problem):
    """On a network: J(z)' grad L(G(z)) + mu z vanishes where H holds it up,
    for every restart."""
    objective = suite.make_objective(problem, 0.3, data="simulated", mu=1.0)
    solver = solved(suite, solver_class, objective)
    start, z = (torch.as_tensor(v).double() for v in (
        objective.z_start, solver.last.z))
    G = objective.G.double()
    try:
        fit = objective.loss(np.repeat(objective.b, 2, axis=0))
        first, last = (
            (pull(fit.grad(image)) + objective.mu * z).norm(dim=1)
            for z, (image, pull) in (
                (z, suite.latent.decode(G, z)) for z in (start, z)))
    finally:
        G.float()
    assert (last <= 1e-3 * first.max()).all()
    assert (objective.mu * z.norm(dim=1) >= 1e-2 * first.max()).all()


def test_the_best_iterate_and_restart_are_those_of_the_sum(
        suite, solver_class):
    objective = suite.make_objective(
        data="simulated", n_restarts=3, mu=2.0)
    solver = solved(suite, solver_class, objective, 12)
    z = torch.as_tensor(objective.z_start).float()
    path = [iterate.z.clone().numpy() for iterate, _ in zip(
        solver.iterates(z), range(13), strict=False)]
    cost = np.stack([values(objective, z) for z in path])
    np.testing.assert_allclose(
        values(objective, solver.get_result()["z"]), cost.min(axis=0),
        rtol=1e-4)
    metrics = objective.evaluate_result(**solver.get_result())
    assert metrics["value"] == pytest.approx(
        cost.min(axis=(0, 2)).mean(), rel=1e-4)


def test_value_is_the_loss_and_the_prior(suite):
    """Of the restart with the least sum, 0; the least L is the other's."""
    objective = suite.make_objective("denoise_l2", 0.2, mu=3.0)
    z = np.zeros(objective.z_start.shape)
    z[1::2], _ = suite.ridge(suite.make_objective("denoise_l2", 0.2))
    error, _ = objective.of_restarts(objective.decoded(z), z)
    total = error + 1.5 * (z**2).sum(axis=1).reshape(error.shape)
    assert (error.argmin(axis=1) == 1).all()
    assert (total.argmin(axis=1) == 0).all()
    metrics = objective.evaluate_result(z=z)
    assert metrics["value"] == pytest.approx(total.min(axis=1).mean())
    assert metrics["measurement_error"] == pytest.approx(
        error[np.arange(len(error)), total.argmin(axis=1)].mean())


def test_methods_that_cannot_say_why(suite):
    objective = suite.make_objective(mu=MU)
    for name in ("Lasso", "TV", "NPGD"):
        _, reason = suite.make_solver(name, objective)
        assert reason.startswith(name)
        assert "mu=0.1" in reason
    with pytest.raises(ValueError, match="z must be returned"):
        objective.evaluate_result(images=objective.images)


def test_a_regulariser_and_the_prior(suite):
    """L + R + H with total variation: the least, as Nelder and Mead find it.
    """
    objective = suite.make_objective(
        "denoise_l1", 0.2, n_restarts=1, regulariser="tv", reg=0.3, mu=0.5)

    def cost(z, row):
        point = np.zeros(objective.z_start.shape)
        point[row] = z
        return values(objective, point)[row, 0]

    solver = solved(suite, suite.get_class("ADMM"), objective, 500, rho=6.0)
    reached = values(objective, solver.get_result()["z"])[:, 0]
    for row, value in enumerate(reached):
        found = minimize(cost, np.zeros(3), (row,), method="Nelder-Mead",
                         options={"xatol": 1e-6, "fatol": 1e-9})
        least = minimize(cost, found.x, (row,), method="Nelder-Mead").fun
        assert (1 - 1e-4) * least <= value <= 1.01 * least
