"""Networks that were trained on another problem than that of the test."""
from types import SimpleNamespace

import numpy as np
import pytest

from unrolling import StepLISTA
from unrolling.lasso import lasso_cost

REG = 0.2


@pytest.fixture
def objective(suite):
    """A small problem whose networks train at reg = 0.3, not 0.2."""
    return suite.load(suite.make_dataset(
        "Transfer", train="reg", n_dim=10, n_atoms=20, n_train=200,
        n_test=20), reg=REG)


def test_training_at_other_penalties_is_the_same_problem_rescaled(suite):
    """x / reg at lmbd = 1 has the solution z* / reg of x at lmbd = reg, and
    that cost over reg^2; a network trained on it is equivariant."""
    objective = suite.load(suite.make_dataset(
        "Transfer", train="regs", n_dim=6, n_atoms=9, n_train=40, n_test=8),
        reg=0.2)
    assert objective.trained_on == {"lmbd": 1.0}
    reg = 1 / abs(objective.x_train @ objective.D).max(axis=1)
    assert 0.1 <= reg.min() < 0.3 < 0.7 < reg.max() <= 0.8
    x = objective.x_train * reg[:, None]
    network = StepLISTA(objective.D, 1.0).fit(
        objective.x_train, n_layers=3)
    z = network(objective.x_train)
    for i in (0, 1, 2):
        by_hand = StepLISTA(objective.D, reg[i]).with_layers(network.layers)
        np.testing.assert_allclose(
            by_hand(x[i:i + 1])[0], reg[i] * z[i], atol=1e-13)
        at_one, at_reg = (
            lasso_cost(v[None], objective.D, of[None], lmbd) for v, of, lmbd
            in ((z[i], objective.x_train[i], 1.0),
                (reg[i] * z[i], x[i], reg[i])))
        assert at_one * reg[i] ** 2 == pytest.approx(at_reg, rel=1e-12)


def test_networks_trained_elsewhere(suite, monkeypatch):
    """They have the layers of the training problem, and the equations of the
    test problem: those of a network that was given both by hand."""
    for train in ("dictionary", "reg", "regs"):
        dataset = suite.make_dataset(
            "Transfer", train=train, n_dim=6, n_atoms=9, n_train=40, n_test=8)
        objective = suite.load(dataset, reg=0.2)
        solver, reason = suite.make_solver(
            "Step-LISTA", objective, max_layers=3)
        assert reason is None
        solver.run_once(3)
        problem = {"D": objective.D, "lmbd": 0.2} | objective.trained_on
        assert any(np.any(problem[k] != v) for k, v in (
            ("D", objective.D), ("lmbd", 0.2)))
        np.testing.assert_array_equal(
            solver.untrained.D.numpy(), problem["D"])
        by_hand = solver.network(objective.D, 0.2).with_layers(
            solver.trained.layers)
        np.testing.assert_allclose(
            solver.get_result()["z"], by_hand(objective.x_test), atol=1e-12)


def test_networks_run_in_the_unit_of_their_training(
        suite, objective, learned_class):
    """At lmbd = 1 on x / reg, and back: that is the network at lmbd = reg on
    x, its learned thresholds scaled."""
    solver, reason = suite.make_solver(learned_class, objective, max_layers=2)
    assert reason is None
    solver.run_once(2)
    z = solver.get_result()["z"]
    network = solver.untrained.with_layers(
        solver.trained.layers, solver.trained.shared)
    assert network.lmbd == 1
    np.testing.assert_allclose(
        z, REG * network(objective.x_test / REG), rtol=0, atol=1e-12)
    if solver.name in ("Step-LISTA", "Learned-FISTA", "Step-ADMM", "ALISTA",
                       "LISTA", "Coupled-LISTA", "First-step-LISTA"):
        there = network.with_problem(lmbd=REG)(objective.x_test)
        np.testing.assert_allclose(z, there, rtol=0, atol=1e-12)


def test_learned_thresholds_are_of_use_there(suite, objective):
    """As near the optimum as at the training's reg, within a factor of 3."""
    there = suite.load(suite.make_dataset(
        "Transfer", train="reg", n_dim=10, n_atoms=20, n_train=200,
        n_test=20), reg=0.3)
    subopt, home = (
        at.evaluate_result(suite.run("ALISTA", at, 5)["z"])["suboptimality"]
        for at in (objective, there))
    assert subopt < 3 * home


@pytest.mark.parametrize("name", ["Coupled-LISTA", "ALISTA", "LISTA"])
def test_thresholds_have_the_unit_of_the_test_problem(suite, objective, name):
    """In the training's they would be five times too large. That they are as
    good as at home is not asked of matrices, which suit one reg."""
    solver, _ = suite.make_solver(name, objective, max_layers=5)
    solver.run_once(5)
    ours, in_the_training_s, start = (
        objective.evaluate_result(z)["suboptimality"] for z in (
            solver.get_result()["z"], solver.trained(objective.x_test),
            np.zeros_like(solver.get_result()["z"])))
    assert ours < in_the_training_s / 3
    assert ours < start / 3


def test_what_is_computed_of_the_problem_counts_as_training(
        suite, objective, monkeypatch):
    """Once for each run, by a clock that runs in no other place."""
    solver, _ = suite.make_solver("Step-LISTA", objective)
    solver.run_once(1)
    original, clock = StepLISTA.with_problem, [0.0]

    def slowly(self, **problem):
        clock[0] += 1.0
        return original(self, **problem)

    monkeypatch.setattr(StepLISTA, "with_problem", slowly)
    monkeypatch.setattr("unrolling.bench.solver.time", SimpleNamespace(
        perf_counter=lambda: clock[0]))
    trained = sum(solver.trained_weights(1).info["seconds"].values())
    for _ in range(2):
        solver.run_once(1)
        again = solver.get_result()["training"]["train_time_s"]
        assert again == pytest.approx(trained + 1.0, abs=1e-9)
