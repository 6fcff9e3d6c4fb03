"""Classical solvers: closed forms where K is linear, descent, tuning."""
import itertools

import numpy as np
import pytest
from scipy.optimize import minimize, nnls
from sklearn.covariance import LedoitWolf

CLASSICAL = {"Landweber": {"step_size": 0.2},
             "Gauss-Newton": {"damping": 1e-2},
             "Levenberg-Marquardt": {"damping": 1e-2},
             "IRGN-Tikhonov": {"reg": 1e-3}, "IRGN-TV": {"reg": 1e-3},
             "L-BFGS": {"reg": 1e-3}, "Gaussian-prior": {"noise": 1e-3}}
EACH = pytest.mark.parametrize("name", CLASSICAL)


@EACH
@pytest.mark.parametrize("data", ["Deconvolution", "EIT"])
def test_the_misfit_falls(suite, name, data):
    objective = suite.make_objective(data)
    K, y = objective.K, objective.test.y
    misfits = [np.linalg.norm(y - K.forward(suite.iterate(
        name, objective, n, **CLASSICAL[name])), axis=1).mean()
        for n in (1, 15)]
    assert misfits[1] < misfits[0]


@EACH
def test_no_iteration_is_the_start(suite, name):
    objective = suite.make_objective("EIT")
    np.testing.assert_array_equal(
        suite.iterate(name, objective, 0, **CLASSICAL[name]),
        objective.start(objective.test.y))


@pytest.mark.parametrize(("name", "options", "n_made"), [
    *((name, options, 1) for name, options in CLASSICAL.items()),
    *((name, {"memory": "none", "epochs": 0}, 1) for name in ("LPGD", "LPD")),
    ("Feed-forward", {"epochs": 0}, 0), ("Ridge", {"penalty": 0.1}, 0)])
def test_a_run_makes_the_initial_guesses_that_it_uses(
        suite, name, options, n_made):
    solver, _ = suite.make_solver(name, suite.make_objective("EIT"), **options)
    solver.pre_run_hook(1)
    rule, made = suite.make_objective("EIT").start, []

    def start(y):
        made.append(rule(y))
        return made[-1]

    solver.start = start
    solver.run_once(1)
    assert len(made) == n_made
    assert np.isfinite(solver.get_result()["x"]).all()


@EACH
def test_iterates_stay_where_the_operator_is_defined(suite, name):
    objective = suite.make_objective("EIT")
    x = suite.iterate(name, objective, 5, **CLASSICAL[name])
    np.testing.assert_array_equal(objective.K.project(x), x)


@pytest.mark.parametrize("name", ["IRGN-Tikhonov", "L-BFGS"])
def test_tikhonov_in_closed_form_where_linear(suite, name):
    """min ||J x - y||^2 + alpha ||x||^2 at a = 0, from the background 0."""
    objective = suite.make_objective(a=0)
    J = objective.K.at(objective.background[None]).jacobian()[0]
    alpha = 0.1 * np.linalg.norm(J, ord=2) ** 2
    expected = np.linalg.solve(
        J.T @ J + alpha * np.eye(53), J.T @ objective.test.y.T).T
    x = suite.iterate(name, objective, 100, reg=0.1)
    np.testing.assert_allclose(x, expected, atol=1e-5)


def test_the_gaussian_posterior_in_closed_form_where_linear(suite):
    """Its mean, m + C J' (J C J' + s I)^-1 (y - J m), at a = 0."""
    objective = suite.make_objective(a=0)
    solver, _ = suite.make_solver("Gaussian-prior", objective, noise=0.1)
    solver.pre_run_hook(1)
    samples, y = objective.train.x, objective.test.y
    J = objective.K.at(objective.background[None]).jacobian()[0]
    m, C = samples.mean(axis=0), LedoitWolf().fit(samples).covariance_
    S = J @ C @ J.T
    s = 0.1 * np.trace(S) / len(S)
    expected = m + (y - m @ J.T) @ np.linalg.solve(
        S + s * np.eye(len(S)), J @ C)
    points = solver.iterates(objective.K, y, objective.start(y))
    *_, x = itertools.islice(points, 3)
    np.testing.assert_allclose(x, expected, atol=1e-8)


def test_lbfgs_is_nonnegative_least_squares_where_linear(suite, rng):
    """Within x >= 0, where steps along L-BFGS's directions end on a face and
    may not descend; against the active set of Lawson and Hanson."""
    K = orthant(suite, rng.standard_normal((6, 5)))
    y = rng.standard_normal((40, 6))
    solver, _ = suite.make_solver(
        "L-BFGS", suite.make_objective(), reg=1e-8)
    solver.background = np.zeros(5)
    points = solver.iterates(K, y, np.ones((40, 5)))
    *_, x = itertools.islice(points, 300)
    expected = [nnls(K.J, one)[1] for one in y]
    np.testing.assert_allclose(
        np.linalg.norm(y - K.forward(x), axis=1), expected, rtol=1e-4)


def test_lbfgs_computes_one_gradient_an_iteration(suite, monkeypatch):
    """However many steps it tries: with a = 4 some are halved."""
    objective = suite.make_objective(a=4)
    at, values, gradients = objective.K.at, [], []

    def counted(x):
        found = at(x)
        values.append(x)
        return found._replace(
            pull=lambda r: gradients.append(r) or found.pull(r))

    monkeypatch.setattr(objective.K, "at", counted)
    suite.iterate("L-BFGS", objective, 20, reg=1e-3)
    assert len(gradients) == 21
    assert len(values) > 25


def orthant(suite, J):
    """The operator x -> J x, defined for x >= 0."""
    b = np.zeros(J.shape[1])
    module = suite.nonlinear_operator

    class Linear(module.Operator):
        n_y, n_x = J.shape

        def at(self, x):
            return module.Linearisation(
                x @ J.T, lambda r: r @ J, lambda d: d @ J.T,
                lambda: np.broadcast_to(J, (len(x), *J.shape)))

    K = module.Linearised(Linear(), b)
    K.project = lambda x: x.clip(min=0)
    return K


def test_total_variation_is_that_of_an_independent_solver(suite):
    """Where K is linear and alpha fixed, IRGN-TV's fixed point minimises
    ||J x - y||^2 + 2 alpha sum_i sqrt((x_i+1 - x_i)^2 + s^2): its lagged
    weights are the derivative of that root."""
    objective = suite.make_objective(a=0)
    K, y = objective.K, objective.test.y[0]
    J = K.at(objective.background[None]).jacobian()[0]
    alpha, s = 0.03 * np.linalg.norm(J, ord=2) ** 2, 0.01

    def cost(x):
        r, jump = J @ x - y, np.diff(x)
        root = np.hypot(jump, s)
        slope = np.zeros(53)
        slope[1:] += jump / root
        slope[:-1] -= jump / root
        return (r @ r + 2 * alpha * root.sum(),
                2 * J.T @ r + 2 * alpha * slope)

    found = minimize(cost, np.zeros(53), jac=True, method="L-BFGS-B",
                     options={"maxiter": 20_000, "maxfun": 40_000,
                              "ftol": 1e-15, "gtol": 1e-10})
    x = suite.iterate("IRGN-TV", objective, 300, reg=0.03)[0]
    # each reaches the minimum, or the other is below it
    assert cost(x)[0] == pytest.approx(found.fun, rel=1e-6)


def test_tikhonov_steps_in_both_spaces_agree(suite, rng):
    wide = rng.standard_normal((3, 4, 7))
    tall, r = wide.transpose(0, 2, 1), rng.standard_normal((3, 4))
    step = suite.newton_steps.tikhonov_step
    for J, right in ((wide, r), (tall, rng.standard_normal((3, 7)))):
        d = step(J, right, 0.3)
        gradient = (J.transpose(0, 2, 1) @ ((J @ d[..., None])
                    - right[..., None]))[..., 0] + 0.3 * d
        np.testing.assert_allclose(gradient, 0, atol=1e-12)


def test_a_diverged_sample_leaves_the_others(suite):
    J, r = np.ones((2, 1, 2)), np.array([[np.nan], [1.0]])
    d = suite.newton_steps.tikhonov_step(J, r, 1.0)
    assert np.isnan(d[0]).all()
    np.testing.assert_allclose(d[1], 1 / 3)


@EACH
def test_tuning_tries_as_many_values_and_takes_the_best(suite, name):
    objective = suite.make_objective()
    solver, _ = suite.make_solver(name, objective)
    solver.pre_run_hook(1)
    low, high = solver.tuning_range
    best = solver.chosen
    errors = []
    for value in np.geomspace(
            low, high, suite.classical_nonlinear.N_VALUES):
        x = suite.iterate_on_validation(name, objective, float(value))
        with np.errstate(all="ignore"):  # what diverges is not the best
            errors.append(((x - objective.validation.x) ** 2).mean())
    chosen = suite.iterate_on_validation(name, objective, best)
    error = (abs(chosen - objective.validation.x) ** 2).mean()
    inside = low <= best <= high
    assert (error <= min(errors) if inside else error < min(errors)), best


def test_tuning_goes_beyond_its_range(suite):
    """As far as the error falls, if its least is at an end: here at 1e-5."""
    solver, _ = suite.make_solver("Landweber", suite.make_objective())
    solver.tuning_range = 1e-2, 1e2
    tried = []

    def error(value):
        tried.append(value)
        return abs(np.log10(value) + 5)

    solver.tuning_error = error
    solver.pre_run_hook(1)
    assert solver.chosen == pytest.approx(1e-5)
    assert min(tried) < solver.chosen
    solver.chosen, solver.tuning_error = "tuned", lambda value: value
    solver.pre_run_hook(1)
    n_values = suite.classical_nonlinear.N_VALUES
    assert solver.chosen == pytest.approx(1e-2 * 10 ** (-n_values / 2))


def test_ridge_is_the_best_of_its_penalties(suite):
    objective = suite.make_objective()
    solver, _ = suite.make_solver("Ridge", objective)
    solver.pre_run_hook(1)
    error = solver.error(solver.regression)
    assert all(error <= solver.error(solver.fit(p)) for p in (1e-9, 1e-3, 0.1))


def test_ridge_solves_the_normal_equations(suite):
    objective = suite.make_objective()
    solver, _ = suite.make_solver("Ridge", objective, penalty=0.1)
    x, y, _ = objective.train
    moved, data = x - x.mean(axis=0), y - y.mean(axis=0)
    W = solver.fit(0.1)(np.eye(12)) - solver.fit(0.1)(np.zeros((1, 12)))
    unit = np.linalg.norm(data, ord=2) ** 2
    np.testing.assert_allclose(
        data.T @ (data @ W - moved) + 0.1 * unit * W, 0,
        atol=1e-10 * unit)


@pytest.mark.filterwarnings("ignore:Only one sample")
@pytest.mark.parametrize("name", ["Ridge", "Gaussian-prior"])
def test_one_training_sample_has_no_covariance(suite, name):
    objective = suite.make_objective(n_train=1)
    assert np.isfinite(suite.iterate(name, objective, 2)).all()
