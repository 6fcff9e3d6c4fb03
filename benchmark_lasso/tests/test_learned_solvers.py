"""The learned solvers: what training changes, and what it must not."""
import json

import numpy as np
import pytest
import torch

from unrolling import training
from unrolling.inference import output
from unrolling.lasso import lasso_cost, solve_lasso, support_lipschitz
from unrolling.lasso.network import LassoNetwork
from unrolling.testing import check_network

NOT_PROXIMAL = {
    "ALISTA", "Momentum-ALISTA", "HyperLISTA", "TISTA", "LISTA-CPSS"}
"""Networks whose untrained layers move the solutions of the Lasso."""


def mean_cost(objective, z):
    return lasso_cost(
        z, objective.D, objective.x_test, objective.lmbd).mean()


def test_metrics_of_the_layers(suite):
    """An ISTA layer keeps the solutions; one with another matrix does not."""
    objective = suite.make_objective(reg=0.1)
    def measured(name, **parameters):
        return suite.run(name, objective, 3, measure_layers=True,
                         **parameters)["training"]

    training = measured("Coupled-LISTA", loss="none")
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
    training = measured("Step-LISTA")
    assert np.isnan(training["weight_distance"]).all()
    assert max(training["fixed_point"]) <= 1e-7
    training = measured("Coupled-LISTA")
    assert min(training["weight_distance"]) > 0
    assert min(training["fixed_point"]) > 1e-7


def test_solutions_are_computed_where_a_claim_asks(suite, monkeypatch):
    """Not again at each depth of each run."""
    def fail(*_, **__):
        pytest.fail("expected no solution of the test problems")

    monkeypatch.setattr(LassoNetwork, "solve", fail)
    result = suite.run("Step-LISTA", suite.make_objective(reg=0.1), 2)
    assert "inverse_L_S_median" in result["training"]
    assert "fixed_point" not in result["training"]


def skip_where_refused(suite, learned_class, objective, loss):
    """Skip the test, with the reason, where a solver has no such loss."""
    _, reason = suite.make_solver(learned_class, objective, loss=loss)
    if reason is not None:
        pytest.skip(reason)


@pytest.mark.parametrize("loss", ["unsupervised", "semi-supervised"])
def test_never_above_the_start(suite, learned_class, loss):
    """Each sample, whatever the training."""
    objective = suite.make_objective()
    skip_where_refused(suite, learned_class, objective, loss)
    z = suite.run(learned_class, objective, 2, loss=loss)["z"]
    start = 0.5 * (objective.x_test**2).sum(axis=1)
    cost = lasso_cost(z, objective.D, objective.x_test, objective.lmbd)
    assert (cost <= start * (1 + 1e-12)).all()
    assert (cost < start).any()


@pytest.mark.parametrize("layerwise", ["scalars", "network", "none"])
def test_trained_beats_untrained_on_held_out_samples(
        suite, learned_class, layerwise):
    """What training minimises, without the guard; and with it ISTA, where
    that is what the network was."""
    objective = suite.make_objective(reg=0.5)
    x = torch.tensor(objective.x_test)
    solver, _ = suite.make_solver(
        learned_class, objective, layerwise=layerwise)
    for n_layers in (1, 3):
        solver.run_once(n_layers)
        untrained, trained = (
            mean_cost(objective, network.forward(x).numpy()) for network in
            (solver.untrained.with_layers([]).grow(n_layers), solver.trained))
        assert objective.optimum.mean() < trained < untrained
        if learned_class.network.unrolls == "ISTA":
            guarded = mean_cost(objective, solver.get_result()["z"])
            assert guarded < mean_cost(
                objective, suite.ista(objective, n_layers))


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
    skip_where_refused(suite, learned_class, objective, "semi-supervised")
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
    coupled = 1 + n_dim * n_atoms + n_atoms
    assert metrics["n_parameters"] == {
        "Step-LISTA": 2, "ALISTA": 4, "Momentum-ALISTA": 5,
        "HyperLISTA": 3, "Coupled-LISTA": 2 * coupled,
        "LISTA": 2 * (coupled + n_atoms**2), "LISTA-CPSS": 2 * coupled,
        "First-step-LISTA": coupled + 1, "Learned-FISTA": 3,
        "Hessian-LISTA": 2 * (1 + n_atoms * (n_atoms + 1) / 2 + n_atoms),
        "FacNet": 2 * (1 + n_atoms * (n_atoms - 1) / 2 + n_atoms),
        "D-LADMM": 2 * (coupled + 2), "TISTA": 8, "BB-LISTA": 3,
        "Tuned-ISTA": 1, "Silver-ISTA": 1, "Chebyshev-ISTA": 2,
        "Tuned-ADMM": 2, "Step-ADMM": 4,
    }[learned_class.name]
    steps = result["training"]["steps"]
    network, _ = suite.make_network(learned_class.name)
    of_layers = "step" in network.grow(1).layers[0]
    assert len(steps) == (2 if of_layers else 0)
    assert min(steps, default=1) > 0


def test_layers_pass_what_every_layer_must(suite, learned_class):
    """Derivatives in double, no writing in place, samples on their own."""
    network, _ = suite.make_network(learned_class.name, "few atoms")
    check_network(network, network.x[:2])


def solution_and_point(objective, name):
    """A certified z*, and the network's point that belongs to it."""
    z = torch.tensor(solve_lasso(
        objective.D, objective.x_test, objective.lmbd, 1e-14).z)
    e = torch.tensor(objective.x_test - z.numpy() @ objective.D.T)
    first = torch.tensor(abs(
        objective.x_test @ np.linalg.pinv(objective.D).T
    ).sum(axis=1, keepdims=True))
    D = torch.tensor(objective.D)
    admm_point = z, e @ D, e @ D @ D.T
    return z, {"Tuned-ADMM": admm_point, "Step-ADMM": admm_point,
               "Learned-FISTA": (z, z, -e), "D-LADMM": (z, e, -e),
               "Momentum-ALISTA": (z, z),
               "HyperLISTA": (z, z, first),
               "LISTA-CPSS": (z, 10), "BB-LISTA": (z, z, -e),
               "Tuned-ISTA": (z, 0), "Silver-ISTA": (z, 0),
               "Chebyshev-ISTA": (z, 0)}.get(name, z)


def test_fixed_points(suite, learned_class):
    """A solution is a fixed point of a proximal layer with any step, and not
    of one with another matrix, nor of the layers of other algorithms."""
    name = learned_class.name
    network, objective = suite.make_network(name)
    z, point = solution_and_point(objective, name)
    parameters = {**network.grow(2).layers[0], **network.shared}

    def moved(**changed):
        after = network.layer(point, **parameters | changed)
        return (output(after) - z).abs().max()

    if name in NOT_PROXIMAL:
        assert moved() >= 1e-3
        return
    assert moved() <= 1e-7
    for factor in (0.1, 1, 10) if "step" in parameters else ():
        step = factor / network.L
        # the optimality conditions hold up to sqrt(2 gap) ~ 1e-7
        assert moved(step=torch.tensor(step, dtype=torch.float64)
                     ) <= 1e-7 * max(step, 1)
    generator = torch.Generator().manual_seed(0)
    for matrix, value in parameters.items():
        if value.ndim == 2:
            variable = network.encode(matrix, value)
            noise = torch.randn(variable.shape, dtype=torch.float64,
                                generator=generator)
            assert moved(**{matrix: network.decode(
                matrix, variable + 0.05 * noise)}) >= 1e-3


@pytest.mark.parametrize("name", ["FacNet", "Hessian-LISTA"])
def test_matrices_keep_their_structure(suite, name):
    """After training, in the network that runs."""
    objective = suite.make_objective(reg=0.1)
    solver, _ = suite.make_solver(name, objective)
    solver.pre_run_hook(3)
    identity = torch.eye(objective.D.shape[1], dtype=torch.float64)
    matrices = [parameters["A" if name == "FacNet" else "H"]
                for parameters in solver.trained.layers]
    assert not all(torch.equal(matrix, identity) for matrix in matrices)
    for matrix in matrices:
        if name == "FacNet":
            torch.testing.assert_close(
                matrix @ matrix.mT, identity, rtol=0, atol=1e-14)
        else:
            assert torch.equal(matrix, matrix.mT)


@pytest.mark.parametrize("data", ["white", "few atoms", "digits"])
def test_analytic_weights_of_alista(suite, data):
    """W minimises ||W'D||_F subject to w_j'd_j = 1."""
    network, objective = suite.make_network("ALISTA", data)
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
    network, objective = suite.make_network("ALISTA")
    D = V = objective.D
    for _ in range(1000):
        V = V - D @ (D.T @ V) / np.linalg.norm(D, 2) ** 2
        V = V + D * (1 - (V * D).sum(axis=0))
    np.testing.assert_allclose(network.W, V, rtol=0, atol=1e-6)


def test_divergence_is_reported(suite, learned_class, weights_folder):
    """And leaves nothing in the cache."""
    objective = suite.make_objective()
    solver, _ = suite.make_solver(learned_class, objective)
    solver.samples = (solver.samples[0] * 1e200, None)  # overflows squared
    with pytest.raises(training.TrainingError, match="expected finite loss"):
        solver.pre_run_hook(1)
    assert not weights_folder.exists()
    assert solver.untrained.layers == []


PUBLISHED = {"descent_steps": 30, "layerwise": "none", "safeguarded": False}


def test_trained_as_published(suite):
    """Each depth at once, from ISTA, on all samples, without a safeguard."""
    objective = suite.make_objective("codes")
    solver_class = suite.get_class("Step-LISTA")
    solver, _ = suite.make_solver(
        solver_class, objective, max_layers=5, **PUBLISHED)
    assert not solver.untrained.guarded
    solver.pre_run_hook(5)
    direct = solver.untrained.with_layers([])
    direct.fit(objective.x_train, 5, descent_steps=30)
    for layer, expected in zip(
            solver.trained.layers, direct.layers, strict=True):
        assert layer["step"].item() == pytest.approx(
            expected["step"].item(), rel=1e-9)


def test_descent_with_staged_scalars_is_refused(suite):
    objective = suite.make_objective("codes")
    _, reason = suite.get_class("Step-LISTA").get_instance(
        descent_steps=30).skip(**objective.get_objective())
    assert "use layerwise=none or layerwise=network" in reason


def test_only_the_deepest_is_sampled_where_layers_are_measured(suite):
    from unrolling.bench.criteria import DepthCriterion

    solver_class = suite.get_class("Step-LISTA")
    for measured, expected in ((False, 1), (True, 8)):
        solver, _ = suite.make_solver(
            solver_class, suite.make_objective(), max_layers=8,
            measure_layers=measured)
        criterion = DepthCriterion(strategy="iteration")
        criterion.solver = solver
        assert criterion.get_next_stop_val(0) == expected


def test_samples_are_written_where_they_are_asked_for(
        suite, monkeypatch, weights_folder):
    """Their means are the table's metrics; nobody asks, nothing is there."""
    objective = suite.make_objective("codes")
    z = np.zeros((20, 20))
    assert "samples" not in objective.evaluate_result(z)
    assert not (weights_folder.parent / "samples").exists()
    monkeypatch.setenv("UNROLLING_SAMPLES", "1")
    metrics = objective.evaluate_result(z)
    assert objective.evaluate_result(z)["samples"] == metrics["samples"]
    [path] = (weights_folder.parent / "samples").iterdir()
    assert str(path) == metrics["samples"]
    with np.load(path) as samples:
        samples = dict(samples)
    assert {v.shape for v in samples.values()} == {(20,)}
    assert samples["suboptimality"].mean() == metrics["suboptimality"]
    nmse = samples["error"].sum() / (objective.z_test**2).sum()
    assert 10 * np.log10(nmse) == pytest.approx(metrics["nmse_db"])
    assert (samples["resolution"] > 0).all()
    assert samples["resolution"].max() < 1e-11 * metrics["value"]


def test_symmetric_weights_are_optimal(suite):
    """HyperLISTA's: D'W is symmetric with ones on its diagonal, and no other
    symmetric M with w_j'd_j = 1 has a smaller ||D'MD - I||_F."""
    network, objective = suite.make_network("HyperLISTA")
    D, W = objective.D, network.W.numpy()
    products = D.T @ W
    np.testing.assert_allclose(products, products.T, rtol=0, atol=1e-12)
    np.testing.assert_allclose(np.diag(products), 1, rtol=0, atol=1e-12)
    # symmetric directions E, and the ones that keep d_j'M d_j = 1
    n_dim, n_atoms = D.shape
    basis = [np.zeros((n_dim, n_dim)) for _ in range(
        n_dim * (n_dim + 1) // 2)]
    for E, (i, j) in zip(basis, zip(*np.triu_indices(n_dim), strict=True),
                         strict=True):
        E[i, j] = E[j, i] = 1
    change = np.array([np.diag(D.T @ E @ D) for E in basis]).T
    _, sizes, rows = np.linalg.svd(change)
    free = rows[(sizes > 1e-10).sum():]
    assert len(free)
    excess = products - np.eye(n_atoms)
    for weights in free:
        E = sum(w * E for w, E in zip(weights, basis, strict=True))
        assert abs((excess * (D.T @ E @ D)).sum()) < 1e-10
