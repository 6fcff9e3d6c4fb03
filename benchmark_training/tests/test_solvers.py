"""Solvers: closed forms of linear models, seeds, divergence."""
import math

import numpy as np
import pytest

FITS = "Toy-regression", "Digits"
GAMES = "Ring", "Digits-GAN"
MINIMISERS = [
    ("SGD", {}), ("Momentum", {"step_size": 0.01}),
    ("Adam", {"step_size": 0.05}), ("L-BFGS", {}),
    ("ADMM", {"rho": 0.5}), ("ADMM", {"rho": 30.0}),
    ("ADMM", {"rho": 3.0, "inner": "adam", "step_size": 0.05}),
    ("ADMM", {"rho": 100.0, "schedule": "balanced"}),
    ("ADMM", {"rho": 3.0, "restart_every": 50, "restart": "warm"}),
    ("ADMM", {"rho": 3.0, "update": "printed"}),
    ("ADMM", {"rho": 1.0, "update": "printed"}),
]


def linear_task(suite, decay=2.0):
    """Least squares in three variables and a constant, without batches."""
    rng = np.random.default_rng(3)
    X = rng.standard_normal((60, 3))
    y = X @ [1.0, -2.0, 0.5] + 1 + 0.3 * rng.standard_normal(60)
    task = suite.fits.Fit("regression", X, y, X, y, 1, 60, decay, 0)
    task.network = suite.perceptron.Perceptron((3, 1))
    task.start = np.zeros(4)
    task.draw = lambda rng: slice(None)
    return task


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int64"])
def test_labels_of_any_integers(suite, dtype):
    """Small ones do not overflow in the number of parameters."""
    X = np.random.default_rng(0).random((20, 64))
    y = (np.arange(20) % 10).astype(dtype)
    task = suite.fits.Fit("classification", X, y, X, y, 32, 5, 1.0, 0)
    assert len(task.start) == 65 * 32 + 33 * 10


def ridge(task, decay):
    """The minimiser of ||A theta - y||^2 + decay/2 ||theta||^2."""
    A = np.column_stack([task.X, np.ones(task.n_samples)])
    return np.linalg.solve(2 * A.T @ A + decay * np.eye(4), 2 * A.T @ task.y)


def run_on(suite, name, task, n_steps, **parameters):
    """The result of a solver on a task that no data set gives."""
    solver = suite.get_class(name).get_instance(**parameters)
    assert solver.skip(task=task) == (False, None)
    solver.get_seed = lambda: 0
    solver.set_objective(task=task, n_steps=n_steps)
    solver.run_once(n_steps)
    return solver.get_result()


@pytest.mark.parametrize(("name", "parameters"), MINIMISERS)
def test_linear_model_is_ridge(suite, name, parameters):
    """All reach the closed form; the printed update that of another decay.

    The step size falls by exp(-4000/1500), so that what is left of the error
    is far below 1e-4 for a condition number of a few.
    """
    task = linear_task(suite)
    result = run_on(suite, name, task, 4000, **parameters)
    decay = task.decay
    if parameters.get("update") == "printed":
        decay += parameters["rho"] - 1
    expected = ridge(task, decay)
    for theta in result.values():
        np.testing.assert_allclose(theta, expected, atol=1e-4)


def test_cold_restarts_have_another_limit(suite):
    """With rho = 1 and an iteration between restarts, theta_2 never gets its
    multiplier: the limit is no minimiser."""
    task = linear_task(suite, decay=20.0)
    result = run_on(suite, "ADMM", task, 4000, rho=1.0, restart_every=1)
    assert abs(result["theta"] - ridge(task, 20.0)).max() > 0.01


@pytest.mark.parametrize(("name", "data"), [
    ("SGD", "Toy-regression"), ("ADMM", "Digits"), ("Split-GAN", "Ring"),
    ("GAN", "Digits-GAN")])
def test_same_seed_same_result(suite, name, data):
    one, again, other = (
        suite.run(name, data, 20, seed) for seed in (0, 0, 1))
    for key, theta in one.items():
        assert (theta == again[key]).all()
        assert not (theta == other[key]).all()


@pytest.mark.parametrize("data", FITS)
def test_methods_lower_the_objective(suite, solver_class, data):
    if "regression" not in solver_class.kinds:
        pytest.skip("it is for GANs")
    objective = suite.make_objective(data)
    first, last = (objective.evaluate_result(**suite.run(
        solver_class, data, n))["value"] for n in (0, 80))
    assert last < first


def test_l_bfgs_pays_all_batches(suite):
    """A gradient costs the batches that the samples make, and the result is
    the best point so far."""
    objective = suite.make_objective("Toy-regression")
    task, counts = objective.task, []
    solver, _ = suite.make_solver("L-BFGS", objective)
    evaluate = task.value_and_gradient
    values = []

    def counted(theta):
        counts.append(1)
        return evaluate(theta)

    solver.task = task_with(task, value_and_gradient=counted)
    for n_steps in (0, 10, 40):
        counts.clear()
        solver.run_once(n_steps)
        batches = math.ceil(task.n_samples / task.batch_size)
        assert len(counts) == n_steps // batches
        values.append(evaluate(solver.get_result()["theta"])[0])
    assert values == sorted(values, reverse=True)


def task_with(task, **attributes):
    """A copy of a task with other attributes."""
    changed = object.__new__(type(task))
    changed.__dict__.update(task.__dict__ | attributes)
    return changed


def test_divergence_is_a_result(suite):
    """A step that is far too long: infinite values, and no error."""
    objective = suite.make_objective("Toy-regression")
    for name in ("SGD", "Momentum", "ADMM"):
        metrics = objective.evaluate_result(**suite.run(
            name, "Toy-regression", 200, step_size=1e3))
        assert metrics["value"] == math.inf
        assert metrics["finite"] == 0


@pytest.mark.parametrize("name", ["GAN", "Split-GAN"])
def test_the_printed_sign_ends_in_no_numbers(suite, name):
    """log p tends to -inf, the minimum that is sought: from probabilities the
    parameters are NaN once it is reached; from logits they stay finite."""
    objective = suite.make_objective("Ring")
    finite = {loss: objective.evaluate_result(**suite.run(
        name, "Ring", 400, sign="printed", loss=loss, step_size=0.02,
    ))["finite"] for loss in ("logits", "probabilities")}
    assert finite == {"logits": 1, "probabilities": 0}


@pytest.mark.parametrize("name", ["GAN", "Split-GAN"])
def test_precision_is_kept(suite, name):
    for dtype in ("float32", "float64"):
        for theta in suite.run(name, "Ring", 3, dtype=dtype).values():
            assert theta.dtype == dtype


def test_skips_say_why(suite, solver_class):
    data = GAMES if "regression" in solver_class.kinds else FITS
    for name in data:
        _, reason = suite.make_solver(
            solver_class, suite.make_objective(name))
        assert reason.startswith(f"{solver_class.name} needs a task of kind")
