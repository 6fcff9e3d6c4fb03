"""Each Z-step does what its name says; every solver lowers F(D)."""
import numpy as np
import pytest
import torch

from unrolling.lasso import lasso_cost, solve_lasso

WARM = pytest.mark.parametrize(("name", "parameters"), [
    ("ISTA", {"warm_start": True}), ("FISTA", {"warm_start": True}),
    ("CD", {}), ("Active-set", {"tol": 1e-12})])


def test_zero_iterations_is_the_start(suite, solver_class):
    objective = suite.make_objective()
    solver = suite.make_solver(solver_class, objective)
    solver.run_once(0)
    np.testing.assert_array_equal(solver.get_result()["D"], objective.D_init)


def test_every_solver_lowers_the_objective(suite, solver_class):
    """On held-out samples, too; metrics are consistent."""
    objective = suite.make_objective()
    solver = suite.make_solver(solver_class, objective)
    solver.run_once(30)
    start = objective.evaluate_result(objective.D_init)
    end = objective.evaluate_result(**solver.get_result())
    closed = 0.5 * (start["value"] - 0.1)  # more than half of the way to 0.1
    assert end["value"] < start["value"] - closed
    assert end["value_test"] < start["value_test"] - closed / 2
    assert end["value"] <= end.get("value_at_codes", np.inf) + 1e-12
    assert end["stationarity"] < start["stationarity"]
    assert end["reference_gap"] <= 1e-8


@WARM
def test_minimisers_are_fixed_points(suite, name, parameters):
    objective = suite.make_objective()
    D, x = objective.D_init, objective.x_train
    z = solve_lasso(D, x, 0.1, 1e-14).z
    solver = suite.make_solver(name, objective, **parameters)
    np.testing.assert_allclose(solver.codes(D, z), z, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", ["ISTA", "FISTA"])
def test_cold_starts_forget(suite, name):
    objective = suite.make_objective()
    solver = suite.make_solver(name, objective, warm_start=False)
    D, z = objective.D_init, np.zeros((400, 24))
    np.testing.assert_allclose(
        solver.codes(D, z + 1), solver.codes(D, z), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("name", "bound"), [
    ("ISTA", lambda t: 1 / (2 * t)), ("FISTA", lambda t: 2 / (t + 1) ** 2)])
@pytest.mark.parametrize("n_iter", [1, 10, 300])
def test_z_steps_have_their_rates(suite, name, bound, n_iter):
    """F(z_t) - F* <= bound(t) L ||z*||^2 for every sample."""
    objective = suite.make_objective()
    solver = suite.make_solver(name, objective, n_iter=n_iter)
    D, x = objective.D_init, objective.x_train
    best = solve_lasso(D, x, 0.1, 1e-13).z
    z = solver.codes(D, np.zeros_like(best))
    excess = lasso_cost(z, D, x, 0.1) - lasso_cost(best, D, x, 0.1)
    L = np.linalg.norm(D, 2) ** 2
    assert (excess <= bound(n_iter) * L * (best**2).sum(axis=1)).all()


def test_cycles_of_coordinate_descent_descend_to_the_minimum(suite):
    objective = suite.make_objective()
    D, x = objective.D_true, objective.x_train
    z, costs = np.zeros((400, 24)), []
    for n_cycles in (1, 1, 5, 200):
        solver = suite.make_solver("CD", objective, n_cycles=n_cycles)
        z = solver.codes(D, z)
        costs.append(lasso_cost(z, D, x, 0.1))
    best = lasso_cost(solve_lasso(D, x, 0.1, 1e-12).z, D, x, 0.1)
    assert (np.diff(costs, axis=0) <= 1e-15).all()
    np.testing.assert_allclose(costs[-1], best, rtol=0, atol=1e-9)


def first_iterations(suite, n_iter, **parameters):
    """Step-LISTA after some iterations, and its objective."""
    objective = suite.make_objective()
    solver = suite.make_solver("Step-LISTA", objective, **parameters)
    solver.run_once(n_iter)
    return solver, objective


def set_steps(solver, steps):
    """Give the solver's network these steps, in the unit of 1/L."""
    solver.trained = solver.trained.with_layers(
        [{"step": torch.tensor(float(step))} for step in steps])


@pytest.mark.parametrize(("n_train", "batch_size"), [(1, 5), (20, 1)])
def test_a_network_trains_on_two_samples_at_least(suite, n_train, batch_size):
    objective = suite.make_objective(n_train=n_train, n_atoms=1)
    result = suite.run("Step-LISTA", objective, 3, batch_size=batch_size)
    assert np.isfinite(result["D"]).all()


def test_untrained_network_is_ista(suite):
    """The first iteration, before any training."""
    solver, objective = first_iterations(suite, 1, n_layers=7)
    ista = suite.make_solver("ISTA", objective, n_iter=7, warm_start=False)
    ista.run_once(1)
    # 7 layers of sums of 24 products of numbers below 1
    np.testing.assert_allclose(solver.z, ista.z, rtol=0, atol=1e-13)
    np.testing.assert_allclose(solver.D, ista.D, rtol=0, atol=1e-11)
    assert solver.get_result()["train_time_s"] == 0


def test_trained_network_beats_ista(suite):
    """At equal depth, on samples that it was not trained on."""
    solver, objective = first_iterations(suite, 9, n_layers=7)
    D, x = solver.D, objective.x_test
    trained = solver.trained.with_problem(D=D)
    costs = [lasso_cost(network(x), D, x, 0.1).mean() for network in
             (trained, trained.with_layers([]).grow(7))]
    assert costs[0] < costs[1]
    assert solver.get_result()["train_time_s"] > 0


def test_no_sample_costs_more_than_zero_codes(suite):
    """Whatever the steps; they train again from 1/L."""
    solver, objective = first_iterations(suite, 3, n_layers=4)
    D, x = solver.D, objective.x_train
    set_steps(solver, [1e3, 1, 1e3, 1e3])
    solver.n_done = 3
    z = solver.codes(D, None)
    assert (lasso_cost(z, D, x, 0.1) <= 0.5 * (1 + 1e-12)).all()
    set_steps(solver, [1e3, 1, 1e3, 1e3])
    solver.n_done = 4
    z = solver.codes(D, None)
    ista = solver.trained.with_layers([]).grow(4)(x)
    assert lasso_cost(z, D, x, 0.1).mean() < lasso_cost(
        ista, D, x, 0.1).mean()


def test_same_seed_same_steps(suite):
    one, other = [first_iterations(suite, 5, n_layers=3)[0]
                  for _ in range(2)]
    assert one.get_result()["steps"] == other.get_result()["steps"]
    np.testing.assert_array_equal(one.D, other.D)
