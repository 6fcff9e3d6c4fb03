"""Solvers on the sum of a loss and a regulariser reach its minimum."""
import numpy as np
import pytest
import torch
from scipy.optimize import minimize

REGULARISERS = pytest.mark.parametrize("regulariser", ["box", "tv"])


@pytest.mark.parametrize(("problem", "level", "regulariser"), [
    ("compressed_sensing", 0.3, "box"), ("denoise_l1", 0.3, "none"),
    ("denoise_linf", 0.3, "none"), ("denoise_linf", 0.3, "box"),
    ("denoise_l2", 0.3, "tv"), ("denoise_l1", 0.3, "tv")])
def test_the_prox_is_active_at_the_tuned_penalty(
        suite, problem, level, regulariser):
    """In ADMM's iterations: w is neither where it began nor b, and R moves
    it; a penalty far too small would make w a minimiser of L alone."""
    objective = suite.make_objective(
        problem, level, data="simulated", regulariser=regulariser, reg=0.3)
    solver, _ = suite.make_solver("ADMM", objective)
    solver.run_once(1)
    fit, moves = solver.fit, []

    def prox(v, rho):
        w = type(fit).prox(fit, v, rho)
        others = [v, fit.loss.prox(v, rho)] + [fit.b] * (
            fit.b.shape == v.shape)
        moves.append([(w - other).abs().amax(1) for other in others])
        return w

    fit.prox = prox
    for _ in zip(solver.iterates(torch.as_tensor(
            objective.z_start).float()), range(30), strict=False):
        pass
    from_v, from_loss, *from_b = (
        torch.stack(move) for move in zip(*moves, strict=True))
    for move in (from_v, *from_b):
        assert (move > 1e-4).float().mean() > 0.9
    if regulariser == "none":
        assert (from_loss == 0).all()
    elif regulariser == "tv":
        assert (from_loss > 1e-4).float().mean() > 0.9
    else:  # noise of the measurements pushes w out of the box, now and then
        assert (from_loss > 1e-4).any()


def with_images(suite, images_of, **parameters):
    """An objective on an affine generator, with images made of it."""
    dataset = suite.make_dataset(suite.Linear)
    good = dataset.get_data()
    dataset.get_data = lambda: good | {"images_test": images_of(good["G"])}
    return suite.load(dataset, n_restarts=1, max_iter=10**6,
                      max_time=1000, **parameters)


def test_admm_with_a_box_on_an_affine_generator(suite):
    """Where the box binds at G(z): min_z L(G(z)) with 0 <= G(z) <= 1."""
    objective = with_images(
        suite, lambda G: (G.weight[:, :2].T > 0).double().numpy(),
        problem="denoise_l2", level=0.01, regulariser="box")
    W, c = (v.double().numpy() for v in (objective.G.weight,
                                         objective.G.bias))
    for name, given in (("ADMM", {"rho": 3.0, "step_size": 1.0}),
                        ("ADMM-Gauss-Newton", {"rho": 3.0}),
                        ("Linear-ADMM", {"rho": 3.0, "step_size": 1.0})):
        solver, reason = suite.make_solver(name, objective, **given)
        assert reason is None
        solver.run_once(1000)
        images = solver.last.image.double().numpy()
        for b, image in zip(objective.b, images, strict=True):
            found = minimize(
                lambda z, b=b: ((W @ z + c - b) ** 2).sum() / 2, np.zeros(3),
                jac=lambda z, b=b: W.T @ (W @ z + c - b), method="SLSQP",
                constraints=[
                    {"type": "ineq", "fun": lambda z: W @ z + c,
                     "jac": lambda z: W},
                    {"type": "ineq", "fun": lambda z: 1 - W @ z - c,
                     "jac": lambda z: -W}],
                options={"ftol": 1e-14, "maxiter": 1000})
            best = W @ found.x + c
            assert best.max() > 1 - 1e-6 or best.min() < 1e-6
            np.testing.assert_allclose(image, best, atol=1e-3)


@pytest.mark.parametrize(("problem", "level"), [
    ("denoise_l2", 0.2), ("denoise_l1", 0.2), ("compressed_sensing", 0.5)])
def test_admm_with_total_variation_on_an_affine_generator(
        suite, problem, level):
    """The least L + R over three latents, as Nelder and Mead find it."""
    objective = suite.make_objective(
        problem, level, n_restarts=1, regulariser="tv", reg=0.3)

    def total(z):
        return sum(objective.costs(objective.decoded(z), 1))

    best = []
    for row in range(len(objective.b)):
        def of_row(point, row=row):
            z = np.zeros(objective.z_start.shape)
            z[row] = point
            return total(z)[row]

        found = minimize(of_row, np.zeros(3), method="Nelder-Mead", options={
            "xatol": 1e-6, "fatol": 1e-9, "maxfev": 3000})
        best.append(minimize(of_row, found.x, method="Nelder-Mead").fun)
    given = {"rho": 6.0 if problem == "denoise_l1" else 1.0,
             "step_size": 1.0}
    solver, _ = suite.make_solver("ADMM", objective, **given)
    solver.run_once(500)
    value = total(solver.get_result()["z"])
    assert (value >= np.array(best) * (1 - 1e-4)).all()
    assert (value <= np.array(best) * 1.01).all()


@REGULARISERS
def test_value_is_the_loss_and_the_regulariser(suite, regulariser):
    """Total variation by its definition, pixel by pixel."""
    objective = suite.make_objective(
        "denoise_l2", 0.2, data="simulated", regulariser=regulariser,
        reg=0.3, n_restarts=1)
    images = objective.images
    error, value = (of.mean() for of in objective.of_restarts(images))
    total = error
    for image, b in zip(images, objective.b, strict=True):
        u = image.reshape(objective.shape)
        for i, j in np.ndindex(u.shape):
            down = u[i + 1, j] - u[i, j] if i + 1 < len(u) else 0
            right = u[i, j + 1] - u[i, j] if j + 1 < len(u) else 0
            total += (regulariser == "tv") * (
                0.3 * abs(b).mean() * np.hypot(down, right) / len(images))
    assert value == pytest.approx(total)
    if regulariser == "box":
        error, value = objective.of_restarts(images + 1)
        assert (value == np.inf).all()
        assert np.isfinite(error).all()


@REGULARISERS
@pytest.mark.parametrize("problem", ["compressed_sensing", "denoise_l1"])
def test_every_solver_lowers_the_sum_or_says_why_not(
        suite, solver_class, problem, regulariser):
    objective = suite.make_objective(
        problem, 0.5, data="simulated", regulariser=regulariser)
    solver, reason = suite.make_solver(solver_class, objective)
    if reason is not None:
        assert "needs " in reason or "of its own" in reason
        return
    start = objective.evaluate_result(z=objective.z_start)["value"]
    solver.run_once(30)
    assert objective.evaluate_result(
        **solver.get_result())["value"] < 0.9 * start
