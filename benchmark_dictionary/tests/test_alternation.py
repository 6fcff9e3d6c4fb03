"""Both steps: they descend, keep their constraint, and recover atoms."""
import numpy as np
import pytest
from benchmark_utils import alternation
from benchmark_utils.alternation import AlternatingSolver, dictionary_step
from sklearn.decomposition import MiniBatchDictionaryLearning

from unrolling.lasso import lasso_cost, solve_lasso


class Exact(AlternatingSolver):
    """Z-step: the minimisers."""

    name = "Exact"

    def codes(self, D, z):
        return solve_lasso(D, self.x, self.lmbd, 1e-12).z


def fit_of(D, x, z):
    return 0.5 * ((x - z @ D.T) ** 2).sum(axis=1).mean()


@pytest.fixture
def fixed(suite):
    """A dictionary, samples, and codes that are not its minimisers."""
    objective = suite.make_objective()
    rng = np.random.default_rng(1)
    z = rng.standard_normal((len(objective.x_train), 24))
    z *= rng.random(z.shape) < 0.2
    return objective.D_init, objective.x_train, z / 10


def test_d_step_descends_in_the_ball(fixed):
    D, x, z = fixed
    costs = [fit_of(D, x, z)]
    for _ in range(5):
        D = dictionary_step(D, x, z)
        costs.append(fit_of(D, x, z))
        assert (np.linalg.norm(D, axis=0) <= 1 + 1e-12).all()
    assert costs[1] < costs[0]
    assert (np.diff(costs) <= 1e-15).all()


def test_d_steps_reach_the_constrained_minimiser(fixed, suite):
    """g_j = 0 inside the ball, g_j = -mu_j d_j with mu_j >= 0 on its sphere;
    with large codes some atoms are inside."""
    D, x, z = fixed
    z = z * np.linspace(1, 20, 24)
    for _ in range(300):
        D = dictionary_step(D, x, z)
    g, norm = suite.objective_file.gradient(D, x, z), np.linalg.norm(D, axis=0)
    inside = norm < 1 - 1e-9
    assert inside.any()
    assert not inside.all()
    assert abs(g[:, inside]).max() < 1e-10
    mu = -(g * D).sum(axis=0)
    assert (mu[~inside] >= 0).all()
    np.testing.assert_allclose(
        g[:, ~inside], -mu[~inside] * D[:, ~inside], rtol=0, atol=1e-9)
    assert suite.objective_file.stationarity(D, x, z) < 1e-9


def test_an_unused_atom_stays(fixed):
    D, x, z = fixed
    z[:, 3] = 0
    new = dictionary_step(D, x, z)
    np.testing.assert_array_equal(new[:, 3], D[:, 3])
    assert (new != D).any(axis=0).sum() == 23


def test_one_iteration_is_scikit_learns(suite, monkeypatch):
    """Which starts with exact codes and one pass over the atoms."""
    monkeypatch.setattr(alternation, "N_PASSES", 1)
    objective = suite.make_objective()
    D, x = objective.D_init, objective.x_train
    learner = MiniBatchDictionaryLearning(
        24, alpha=objective.reg, fit_algorithm="cd", dict_init=D.T.copy(),
        transform_max_iter=10_000)
    learner.partial_fit(x)
    ours = dictionary_step(D, x, solve_lasso(D, x, objective.reg, 1e-10).z)
    np.testing.assert_allclose(learner.components_.T, ours, atol=1e-5)


def test_gradient_is_that_of_the_objective(suite):
    """The envelope theorem against finite differences of F."""
    objective = suite.make_objective()
    D, x, lmbd = objective.D_init, objective.x_train, objective.reg
    rng = np.random.default_rng(0)
    direction = rng.standard_normal(D.shape)

    def F(t):
        moved = D + t * direction
        z = solve_lasso(moved, x, lmbd, 1e-13).z
        return lasso_cost(z, moved, x, lmbd).mean()

    z = solve_lasso(D, x, lmbd, 1e-13).z
    slope = (suite.objective_file.gradient(D, x, z) * direction).sum()
    assert (F(1e-5) - F(-1e-5)) / 2e-5 == pytest.approx(slope, rel=1e-5)


def test_gradient_at_iterates_of_ista_errs_as_they_do(suite):
    """||g(z) - g(z*)|| <= mean (||D|| ||z|| + ||x - D z*||) ||z - z*||, and
    both tend to zero."""
    objective = suite.make_objective()
    D, x, lmbd = objective.D_true, objective.x_train, objective.reg
    best = solve_lasso(D, x, lmbd, 1e-13).z
    exact, norm = suite.objective_file.gradient(D, x, best), np.linalg.norm
    errors = []
    for n_iter in (10, 100, 1000):
        solver = suite.make_solver("ISTA", objective, n_iter=n_iter)
        z = solver.codes(D, np.zeros_like(best))
        errors.append(norm(suite.objective_file.gradient(D, x, z) - exact))
        bound = ((norm(D, 2) * norm(z, axis=1)
                  + norm(x - best @ D.T, axis=1))
                 * norm(z - best, axis=1)).mean()
        assert errors[-1] <= bound
    assert errors[0] > 10 * errors[1] > 100 * errors[2]


def test_exact_alternation_descends(suite):
    objective = suite.make_objective()
    solver = suite.make_solver(Exact, objective)
    D, z, costs = objective.D_init, None, []
    for _ in range(15):
        z = solver.codes(D, z)
        costs.append(lasso_cost(z, D, objective.x_train, 0.1).mean())
        D = dictionary_step(D, objective.x_train, z)
        costs.append(lasso_cost(z, D, objective.x_train, 0.1).mean())
    assert (np.diff(costs) < 0).all()


def test_a_network_goes_on_beyond_its_iterations_of_training(suite):
    """Its parameter max_iter is one of L-BFGS, and no end of the curve."""
    solver = suite.make_solver(
        "Step-LISTA", suite.make_objective(), max_iter=2)
    criterion = solver.stopping_criterion.get_runner_instance(solver=solver)
    point = {"objective_stationarity": 1.0, "time": 0.0, "stop_val": 100}
    assert not criterion.check_convergence([point])[0]


@pytest.mark.parametrize("solver", [Exact, "CD"])
def test_planted_atoms_are_recovered(suite, solver):
    """Few atoms a sample, no noise."""
    objective = suite.make_objective(noise=0.0, n_train=1000)
    solver = suite.make_solver(solver, objective)
    solver.run_once(60)
    metrics = objective.evaluate_result(**solver.get_result())
    start = objective.evaluate_result(objective.D_init)
    assert start["recovery"] < 0.9
    assert metrics["recovery"] > 0.99
