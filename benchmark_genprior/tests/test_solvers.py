"""Every solver on generators whose optimum is known, and its own promises."""
import numpy as np
import pytest
import torch
from scipy.optimize import linprog

N_ITER = {"Gauss-Newton": 50, "ADMM-Gauss-Newton": 500, "L-BFGS": 50}
"""Iterations on an affine generator, where they are not 1500."""


def iterative(solver_class):
    if solver_class.sampling_strategy != "callback":
        pytest.skip("it has no generator")
    return solver_class


def data_for(solver_class):
    """Data with what a solver needs; a network is harder than an affine G."""
    return "linear" if solver_class.name == "NPGD" else "simulated"


def errors(objective, result):
    """The measurement error of each image's restarts."""
    error, _ = objective.of_restarts(objective.decoded(result["z"]))
    return error


def run(suite, solver_class, objective, n_iter, **parameters):
    """The result; the test is skipped, with the reason, if the solver is."""
    solver, reason = suite.make_solver(
        iterative(solver_class), objective, **parameters)
    if reason is not None:
        pytest.skip(reason)
    solver.run_once(n_iter)
    return solver.get_result()


@pytest.mark.parametrize(("problem", "level"), [
    ("compressed_sensing", 0.5), ("inpainting", 0.3)])
def test_affine_generator_gives_least_squares(
        suite, solver_class, problem, level):
    """Every restart gets to the closed form."""
    objective = suite.make_objective(problem, level)
    result = run(suite, solver_class, objective,
                 N_ITER.get(solver_class.name, 1500),
                 **suite.theory.get(solver_class.name, {}))
    best = suite.ridge(objective)[1][:, None]
    gap = errors(objective, result) - best
    assert gap.min() >= -1e-5 * best.max()
    assert gap.max() <= 1e-2 * best.max()
    if solver_class.name == "Gauss-Newton":
        assert gap.max() <= 1e-5 * best.max()


def linear_program(objective):
    """min_z ||G(z) - b||_inf of each image, of an affine generator."""
    W, c = (v.double().numpy() for v in (objective.G.weight,
                                          objective.G.bias))
    column = np.ones((len(W), 1))
    optima = []
    for b in objective.b:
        solution = linprog(
            [0] * W.shape[1] + [1],
            np.vstack([np.hstack([W, -column]), np.hstack([-W, -column])]),
            np.concatenate([b - c, c - b]), bounds=(None, None))
        optima.append(solution.fun)
    return np.array(optima)


@pytest.mark.parametrize(("name", "slack"), [
    ("ADMM", 0.02), ("ADMM-Gauss-Newton", 0.02), ("Adam", 0.1), ("GD", 0.3)])
def test_l_inf_projection_is_a_linear_program(suite, name, slack):
    objective = suite.make_objective("denoise_linf", 0.1)
    given = {"ADMM": {"step_size": 1.0, "rho": 2.0},
             "GD": {"step_size": 0.02}}.get(name, {})
    result = run(suite, suite.get_class(name), objective, 1000, **given)
    best = linear_program(objective)
    value = errors(objective, result).min(axis=1)
    assert (value >= best - 1e-6).all()
    assert (value <= (1 + slack) * best).all()


@pytest.mark.parametrize("problem", ["compressed_sensing", "denoise_linf",
                                     "denoise_l1", "phase_retrieval"])
def test_best_so_far_is_monotone(suite, solver_class, problem):
    """Of each restart, with steps far too long."""
    objective = suite.make_objective(problem, 0.5, data="simulated")
    long = ({"step_size": 50.0} if "step_size" in iterative(
        solver_class).parameters else {})
    previous = np.inf
    for n_iter in (0, 1, 2, 5, 20):
        error = errors(objective, run(
            suite, solver_class, objective, n_iter, **long))
        assert (error <= previous * (1 + 1e-4) + 1e-10).all()
        previous = error


def test_the_result_is_a_copy_of_the_best(suite, solver_class):
    """Of the iterates, looked at one by one; the last is not the best."""
    objective = suite.make_objective(data=data_for(solver_class))
    solver, _ = suite.make_solver(iterative(solver_class), objective)
    solver.run_once(15)
    result, z = solver.get_result()["z"], solver.problem["z_start"]
    path = [iterate.z.clone() for iterate, _ in zip(
        solver.iterates(torch.as_tensor(z).float()), range(16),
        strict=False)]
    error = np.stack([errors(objective, {"z": z.numpy()}).ravel()
                      for z in path])
    expected = torch.stack(path)[error.argmin(axis=0), range(len(z))]
    np.testing.assert_allclose(result, expected, atol=1e-3)


def test_batch_is_loop(suite, solver_class):
    """A problem's path does not depend on the others in its batch.

    Except for a step that is the same for all; it is given here.
    """
    objective = suite.make_objective(data=data_for(solver_class))
    given = {"step_size": 0.01} if solver_class.name == "Adam" else {}
    solver, reason = suite.make_solver(
        iterative(solver_class), objective, **given)
    assert reason is None
    solver.run_once(8)
    together = solver.get_result()["z"]
    whole = suite.steps.curvature(
        objective.G, torch.as_tensor(objective.z_start).float())
    for row in (0, 3):
        alone, _ = suite.make_solver(solver_class, objective, **given)
        alone.problem = alone.problem | {
            "z_start": objective.z_start[row:row + 1]}
        alone.b = alone.b[row:row + 1]
        if "step_size" in solver_class.parameters and not given:
            pytest.skip("its step is that of the whole batch")
        alone.run_once(8)
        np.testing.assert_allclose(
            alone.get_result()["z"][0], together[row], rtol=1e-3, atol=1e-4)
    assert whole > 0


def test_infeasibility_vanishes(suite):
    """w_t - G(z_t) of exact and linearised ADMM."""
    objective = suite.make_objective(in_range=True)
    for name in ("ADMM", "Linear-ADMM", "ADMM-Gauss-Newton"):
        first, last = (run(
            suite, suite.get_class(name), objective, n,
            **suite.theory.get(name, {}))["infeasibility"].max()
            for n in (2, 1000))
        assert last <= 0.01 * first


@pytest.mark.parametrize("solver_name", ["Lasso", "Gauss-Newton", "PGD"])
def test_skips_say_why(suite, solver_name):
    objective = suite.make_objective("denoise_linf", 0.1)
    _, reason = suite.make_solver(solver_name, objective)
    assert reason.startswith(f"{solver_name} needs a ")
    assert reason.endswith("got loss=linf")


def test_l_bfgs_goes_downhill(suite):
    """Armijo's condition: no iterate costs more than the one before, and on
    least squares in three latents a few iterations are enough."""
    objective = suite.make_objective(in_range=True)
    solver, _ = suite.make_solver("L-BFGS", objective)
    solver.run_once(1)
    z = torch.as_tensor(objective.z_start).float()
    path = torch.stack([solver.fit.error(iterate.image) for iterate, _ in zip(
        solver.iterates(z), range(12), strict=False)])
    assert (path.diff(dim=0) <= 1e-6 * path[0]).all()
    assert (path[-1] <= 1e-6 * path[0]).all()


def test_encoder_starts_the_first_restart(suite):
    """On images in the range of an affine generator whose measurements
    determine them, it starts at the solution."""
    objective = suite.make_objective("denoise_l2", 0.0, in_range=True)
    solver, reason = suite.make_solver("ADMM", objective, initial="encoder")
    assert reason is None
    z = solver.start()
    assert errors(objective, {"z": z})[:, 0].max() < 1e-8
    np.testing.assert_array_equal(z[1::2], objective.z_start[1::2])
    for initial, said in (("encoder", "needs the generator's encoder"),
                          ("nearest", "must be normal or encoder")):
        simulated = suite.make_objective(data="simulated")
        _, reason = suite.make_solver("ADMM", simulated, initial=initial)
        assert said in reason
