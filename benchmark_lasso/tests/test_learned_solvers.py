"""The learned solvers: ISTA before training, better than it after."""
import json

import numpy as np
import pytest
import torch

from unrolling import training
from unrolling.lasso import lasso_cost, solve_lasso, support_lipschitz

ISTA_LIKE = pytest.mark.parametrize(
    "name", ["LISTA", "Coupled-LISTA", "Step-LISTA"])


def mean_cost(objective, z):
    return lasso_cost(
        z, objective.D, objective.x_test, objective.lmbd).mean()


def make_network(suite, name, data="white"):
    """The untrained network of a solver, on the test batch."""
    objective = suite.make_objective(data)
    solver, _ = suite.make_solver(name, objective)
    network = solver.untrained
    network.bind(torch.tensor(objective.x_test))
    return network, objective


@pytest.mark.parametrize("data", ["white", "few atoms", "digits"])
@ISTA_LIKE
def test_untrained_is_ista(suite, name, data):
    network, objective = make_network(suite, name, data)
    x = torch.tensor(objective.x_test)
    for n_layers in (1, 2, 10):
        np.testing.assert_allclose(
            network.grow(n_layers)(x), suite.ista(objective, n_layers),
            rtol=0, atol=1e-13)


@ISTA_LIKE
def test_no_training_is_ista_through_benchopt(suite, name, weights_folder):
    objective = suite.make_objective()
    for n_layers in (0, 1, 3):
        result = suite.run(name, objective, n_layers, loss="none")
        np.testing.assert_allclose(
            result["z"], suite.ista(objective, n_layers), rtol=0, atol=1e-13)
    assert result["training"]["unrolls"] == "ISTA"
    assert result["training"]["train_time_s"] == 0
    assert not weights_folder.exists()


def test_metrics_of_the_layers(suite):
    """An ISTA layer keeps the solutions; one with another matrix does not."""
    objective = suite.make_objective(reg=0.1)
    training = suite.run("Coupled-LISTA", objective, 3, loss="none")[
        "training"]
    assert training["weight_distance"] == [0, 0, 0]
    assert max(training["fixed_point"]) <= 1e-7
    assert min(training["fixed_point_perturbed"]) >= 1e-3
    supports = [(suite.ista(objective, t) != 0).sum(axis=1).mean()
                for t in range(3)]
    assert training["support_before"] == supports
    L_S = support_lipschitz(objective.D, suite.ista(objective, 2))
    assert training["inverse_L_S_median"][2] == pytest.approx(
        np.median(1 / L_S))
    assert np.isnan(training["inverse_L_S_median"][0])
    training = suite.run("Step-LISTA", objective, 3)["training"]
    assert np.isnan(training["weight_distance"]).all()
    assert max(training["fixed_point"]) <= 1e-7
    training = suite.run("Coupled-LISTA", objective, 3)["training"]
    assert min(training["weight_distance"]) > 0
    assert min(training["fixed_point"]) > 1e-7


def test_untrained_does_no_harm(suite, learned_class):
    """ALISTA, too, starts from a network that is not above F(0)."""
    network, objective = make_network(suite, learned_class.name)
    x = torch.tensor(objective.x_test)
    assert mean_cost(objective, network.grow(5)(x).numpy()) <= (
        0.5 * (objective.x_test**2).sum(axis=1).mean())


@pytest.mark.parametrize("loss", ["unsupervised", "semi-supervised"])
def test_never_above_the_start(suite, learned_class, loss):
    """Each sample, whatever the training."""
    objective = suite.make_objective()
    z = suite.run(learned_class, objective, 2, loss=loss)["z"]
    start = 0.5 * (objective.x_test**2).sum(axis=1)
    cost = lasso_cost(z, objective.D, objective.x_test, objective.lmbd)
    assert (cost <= start * (1 + 1e-12)).all()
    assert (cost < start).any()


@pytest.mark.parametrize("layerwise", [True, False])
@ISTA_LIKE
def test_trained_beats_ista_on_held_out_samples(suite, name, layerwise):
    objective = suite.make_objective(reg=0.5)
    for n_layers in (1, 3):
        z = suite.run(name, objective, n_layers, layerwise=layerwise)["z"]
        ista = mean_cost(objective, suite.ista(objective, n_layers))
        assert objective.optimum.mean() < mean_cost(objective, z) < ista


def test_supervised_approaches_the_codes(suite, learned_class):
    """On its own loss, better than the start and than no training."""
    objective = suite.make_objective("codes")
    z = suite.run(learned_class, objective, 3, loss="supervised")["z"]
    solver, _ = suite.make_solver(learned_class, objective)
    untrained = solver.untrained.grow(3)(torch.tensor(objective.x_test))
    error = ((z - objective.z_test) ** 2).sum()
    assert error < ((untrained.numpy() - objective.z_test) ** 2).sum()
    assert error < (objective.z_test**2).sum()


def test_semi_supervised_approaches_the_solutions(suite, learned_class):
    objective = suite.make_objective()
    z = suite.run(learned_class, objective, 3, loss="semi-supervised")["z"]
    solver, _ = suite.make_solver(learned_class, objective)
    untrained = solver.untrained.grow(3)(torch.tensor(objective.x_test))
    z_star = solve_lasso(
        objective.D, objective.x_test, objective.lmbd, 1e-12).z
    assert ((z - z_star) ** 2).sum() < (
        (untrained.numpy() - z_star) ** 2).sum()


def test_metrics_of_the_training(suite, learned_class):
    objective = suite.make_objective()
    result = suite.run(learned_class, objective, 2)
    metrics = objective.evaluate_result(**result)
    assert metrics["train_time_s"] > 0
    assert metrics["inverse_L"] == pytest.approx(
        1 / np.linalg.eigvalsh(objective.D.T @ objective.D)[-1])
    quantiles = [json.loads(metrics[f"inverse_L_S_{q}"])[1]
                 for q in ("q10", "median", "q90")]
    assert metrics["inverse_L"] <= quantiles[0]
    assert quantiles == sorted(quantiles)
    n_dim, n_atoms = objective.D.shape
    per_layer = {
        "Step-LISTA": 1, "ALISTA": 2,
        "Coupled-LISTA": 1 + n_dim * n_atoms + n_atoms,
        "LISTA": 1 + n_atoms**2 + n_dim * n_atoms + n_atoms,
    }[learned_class.name]
    assert metrics["n_parameters"] == 2 * per_layer
    steps = result["training"]["steps"]
    assert len(steps) == 2
    assert min(steps) > 0


def test_gradcheck_of_a_layer(suite, learned_class):
    """In the point and in every parameter, in double."""
    network, _ = make_network(suite, learned_class.name, "few atoms")
    x = network.x[:2]
    parameters = network.grow(1).layers[0]
    values = [v.clone().requires_grad_() for v in parameters.values()]
    z = torch.randn(2, 10, dtype=torch.float64, requires_grad=True,
                    generator=torch.Generator().manual_seed(0))

    def layer(z, *values):
        network.bind(x)
        return network.layer(z, **dict(zip(parameters, values, strict=True)))

    assert torch.autograd.gradcheck(layer, (z, *values))


@ISTA_LIKE
def test_fixed_points(suite, name):
    """A solution is a fixed point of an ISTA layer with any step, and not of
    a layer with another matrix."""
    network, objective = make_network(suite, name)
    z = torch.tensor(solve_lasso(
        objective.D, objective.x_test, objective.lmbd, 1e-14).z)
    parameters = dict(network.grow(1).layers[0])
    for factor in (0.1, 1, 10):
        step = factor / network.L
        moved = network.layer(z, **parameters | {
            "step": torch.tensor(step, dtype=torch.float64)}) - z
        # the optimality conditions hold up to sqrt(2 gap) ~ 1e-7
        assert moved.abs().max() <= 1e-7 * max(step, 1)
    generator = torch.Generator().manual_seed(0)
    for matrix in parameters.keys() - {"step", "threshold"}:
        noise = torch.randn(parameters[matrix].shape, dtype=torch.float64,
                            generator=generator)
        moved = network.layer(z, **parameters | {
            matrix: parameters[matrix] + 0.05 * noise}) - z
        assert moved.abs().max() >= 1e-3


@pytest.mark.parametrize("data", ["white", "few atoms", "digits"])
def test_analytic_weights_of_alista(suite, data):
    """W minimises ||W'D||_F subject to w_j'd_j = 1."""
    network, objective = make_network(suite, "ALISTA", data)
    D, W = objective.D, network.W.numpy()
    np.testing.assert_allclose((W * D).sum(axis=0), 1, rtol=0, atol=1e-9)
    least = np.linalg.norm(W.T @ D) ** 2
    rng = np.random.default_rng(0)
    for radius in (1e-3, 1):
        for _ in range(20):
            noise = radius * rng.standard_normal(W.shape)
            noise -= D * (noise * D).sum(axis=0)  # atoms have unit norm
            other = np.linalg.norm((W + noise).T @ D) ** 2
            assert other >= least * (1 - 1e-12)
    # the multipliers of the constraints: D D'w_j = mu_j d_j
    gradient = D @ (D.T @ W)
    mu = (gradient * D).sum(axis=0)
    np.testing.assert_allclose(gradient, D * mu, rtol=0, atol=1e-9)


def test_analytic_weights_are_what_descent_finds(suite):
    """Liu et al. descend the projected gradient."""
    network, objective = make_network(suite, "ALISTA")
    D = V = objective.D
    for _ in range(1000):
        V = V - D @ (D.T @ V) / np.linalg.norm(D, 2) ** 2
        V = V + D * (1 - (V * D).sum(axis=0))
    np.testing.assert_allclose(network.W, V, rtol=0, atol=1e-6)


def test_divergence_is_reported(suite, learned_class, weights_folder):
    """And leaves nothing in the cache."""
    objective = suite.make_objective()
    solver, _ = suite.make_solver(learned_class, objective)
    solver.samples = (solver.samples[0] * float("nan"), None)
    with pytest.raises(training.TrainingError, match="expected finite loss"):
        solver.pre_run_hook(1)
    assert not weights_folder.exists()
    assert solver.untrained.layers == []
