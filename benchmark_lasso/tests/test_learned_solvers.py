"""The learned solvers: what training changes, and what it must not."""
import json

import numpy as np
import pytest
import torch

from unrolling import training
from unrolling.lasso import lasso_cost, solve_lasso


def mean_cost(objective, z):
    return lasso_cost(
        z, objective.D, objective.x_test, objective.lmbd).mean()


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


@pytest.mark.parametrize(
    "layerwise", ["scalars", "network", "best", "none"])
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


def test_the_better_start_is_kept(suite):
    """By the validation loss; the seconds of both count, of what they have in
    common once."""
    objective = suite.make_objective("codes")
    info = {}
    for layerwise in ("scalars", "network", "best"):
        solver, _ = suite.make_solver(
            "Coupled-LISTA", objective, layerwise=layerwise)
        info[layerwise] = solver.trained_weights(2).info
    best, *others = (info[key] for key in ("best", "scalars", "network"))
    assert best["validation_loss"] == min(
        one["validation_loss"] for one in others)
    assert len({one["validation_loss"] for one in others}) == 2
    assert set(best["seconds"]) == {
        "set-up", "1 scalars", "1 arrays", "2 scalars", "2 arrays", "2"}
    metrics = suite.run("Coupled-LISTA", objective, 2)["training"]
    assert metrics["train_time_s"] == pytest.approx(
        sum(best["seconds"].values()))


def test_recursive_training_shares_the_steps(suite):
    """Each depth on the way to the last has as many, from the one before."""
    objective = suite.make_objective("codes")
    solver, _ = suite.make_solver(
        "Coupled-LISTA", objective, max_layers=3,
        **PUBLISHED | {"layerwise": "recursive"})
    solver.pre_run_hook(3)
    direct = solver.untrained.with_layers([])
    for depth in (1, 2, 3):
        direct.fit(objective.x_train, depth, descent_steps=10)
    for layer, expected in zip(
            solver.trained.layers, direct.layers, strict=True):
        torch.testing.assert_close(layer["W"], expected["W"], rtol=1e-9,
                                   atol=1e-12)


def test_fewer_steps_than_recursive_depths_are_refused(suite):
    objective = suite.make_objective("codes")
    _, reason = suite.make_solver(
        "Step-LISTA", objective, layerwise="recursive", max_layers=10,
        descent_steps=9)
    assert "its 10 depths at least, got descent_steps=9" in reason


def test_descent_with_staged_scalars_is_refused(suite):
    objective = suite.make_objective("codes")
    _, reason = suite.get_class("Step-LISTA").get_instance(
        descent_steps=30).skip(**objective.get_objective())
    assert "use layerwise=none or layerwise=network" in reason


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
