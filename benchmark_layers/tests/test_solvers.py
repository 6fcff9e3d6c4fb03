"""What methods pay, how they train, and which numbers they take."""
import numpy as np
import pytest
import torch

PAID = {"Implicit": 1, "Fenchel-Young": 1, "SPO-plus": 2, "Unrolled": 1,
        "Random-smoothing": 5, "LPGD": 2}
AT_FIRST = "SPO-plus", "Fenchel-Young"


@pytest.mark.parametrize("method", PAID)
def test_solves_are_counted(suite, method):
    """Per step; and one more, until the last theta's loss is known. Two
    methods need the solutions of the right inputs, where these are given."""
    for name in ("simplex", "portfolio"):
        if (method, name) == ("SPO-plus", "simplex"):
            continue
        objective = suite.make_objective(name)
        first = 1 + (name == "portfolio" and method in AT_FIRST)
        for n_iter in (0, 4):
            result = suite.started(method, objective, n_iter).get_result()
            assert result["n_solves"] == first + n_iter * PAID[method]


def test_second_solves_start_from_those_of_the_step_before(suite):
    """With a tiny step nothing moves, so that solves after the first step of
    SPO+ take the least number of iterations, one block."""
    objective = suite.make_objective("portfolio")
    inner = [suite.started("SPO-plus", objective, n, step_size=1e-9)
             .get_result()["n_inner"] for n in (1, 2, 3)]
    block = suite.quadratic_layers.BLOCK
    assert np.diff(inner).tolist() == [2 * block, 2 * block]


def test_variants_are_counted(suite):
    objective = suite.make_objective()
    average = suite.started("LPGD", objective, 4, variant="average")
    assert average.get_result()["n_solves"] == 13


@pytest.mark.parametrize("optimizer", ["gd", "adam"])
@pytest.mark.parametrize("step_size", [0.1, 1e3])
def test_training_loss_of_the_result_never_grows(
        suite, solver_class, optimizer, step_size):
    """Even with steps that are far too long."""
    name = "portfolio" if solver_class.name == "SPO-plus" else "simplex"
    objective = suite.make_objective(name)
    values = [objective.evaluate_result(**suite.started(
        solver_class.name, objective, n_iter, step_size=step_size,
        optimizer=optimizer).get_result())["value"]
        for n_iter in (0, 1, 3, 10, 30)]
    if solver_class.name == "Unrolled":  # its own loss is the inexact one
        assert values[-1] <= values[0]
    else:
        assert values == sorted(values, reverse=True)
    if step_size == 0.1:
        assert values[-1] < values[0]


def test_optimizers_are_torchs(suite):
    objective = suite.make_objective()
    for name, theirs in (("gd", torch.optim.SGD), ("adam", torch.optim.Adam)):
        theta = objective.theta_start.clone().requires_grad_()
        optimizer = theirs([theta], lr=0.05)
        for _ in range(6):
            theta.grad = objective.gradient(theta.detach())
            optimizer.step()
        solver = suite.started("Implicit", objective, 6, step_size=0.05,
                         optimizer=name)
        np.testing.assert_allclose(
            solver.get_result()["theta_last"], theta.detach(), rtol=1e-9)


def test_result_is_the_best_of_the_path(suite):
    objective = suite.make_objective()
    path = [suite.started("Implicit", objective, n, step_size=20.0)
            for n in range(12)]
    losses = [objective.losses(torch.as_tensor(
        s.get_result()["theta_last"]), *objective.train).mean() for s in path]
    assert np.argmin(losses) < 11
    np.testing.assert_array_equal(
        path[-1].get_result()["theta"],
        path[int(np.argmin(losses))].get_result()["theta_last"])


@pytest.mark.parametrize(("method", "name", "parameters", "reason"), [
    ("Implicit", "simplex", {"optimizer": "sgd"}, "optimizer must be one of"),
    ("LPGD", "simplex", {"variant": "middle"}, "variant must be one of"),
    ("LPGD", "entropy", {"rho": 1.0}, "rho > 0 needs"),
    ("Unrolled", "ranking", {}, "differentiable iterative solver"),
    ("Random-smoothing", "l1", {}, "must be positive"),
    ("SPO-plus", "simplex", {}, "targets that are right inputs"),
    ("LPGD", "simplex", {"tau": 0.77}, "no tuned step on Simplex quadratic 1"),
])
def test_skips_say_why(suite, method, name, parameters, reason):
    _, said = suite.make_solver(
        method, suite.make_objective(name), **parameters)
    assert reason in said


def test_tuned_numbers_are_the_tables(suite):
    tuned = suite.tuned_layers.TUNED
    steps = tuned["Simplex quadratic 1", "gd"]["LPGD lower rho=0"]
    best, *others = steps
    objective = suite.make_objective()
    solver = suite.ready("LPGD", objective, variant="lower")
    assert (solver.hyper_value, solver.step) == (best, steps[best])
    for tau in others:
        solver = suite.ready(
            "LPGD", objective, variant="lower", tau=tau)
        assert solver.step == steps[tau]
    solver = suite.ready(
        "LPGD", objective, variant="lower", tau=0.123, step_size=4.0)
    assert (solver.hyper_value, solver.step) == (0.123, 4.0)
    assert all(0 < step < np.inf for methods in tuned.values()
               for steps in methods.values() for step in steps.values())
