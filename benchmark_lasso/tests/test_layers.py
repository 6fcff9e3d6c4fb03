"""The layers of learned solvers: fixed points, structure and measures."""
import numpy as np
import pytest
import torch

from unrolling.inference import output
from unrolling.lasso import solve_lasso, support_lipschitz
from unrolling.lasso.network import LassoNetwork
from unrolling.testing import check_network

NOT_PROXIMAL = {
    "ALISTA", "Momentum-ALISTA", "HyperLISTA", "TISTA", "LISTA-CPSS"}
"""Networks whose untrained layers move the solutions of the Lasso."""


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


@pytest.mark.parametrize("data", ["white", "few atoms"])
def test_a_layer_of_admm_is_two_products(suite, data):
    """With D and with (rho I + DD')^-1 D, which can be stored once rho is
    known: that is what claims count."""
    network, objective = suite.make_network("Step-ADMM", data)
    D, x, rng = objective.D, objective.x_test, np.random.default_rng(0)
    network = network.grow(6)
    z = dual = np.zeros((len(x), D.shape[1]))
    for layer in network.layers:
        rho, relaxation = rng.uniform(0.2, 1.8, 2)
        layer["rho"], layer["relaxation"] = (
            torch.tensor(v) for v in (rho, relaxation))
        stored = np.linalg.solve(rho * np.eye(len(D)) + D @ D.T, D)
        b = x @ D + rho * z - dual
        v = (b - (b @ D.T) @ stored) / rho
        w = relaxation * v + (1 - relaxation) * z + dual / rho
        z = suite.soft_threshold(w, objective.lmbd / rho)
        dual = rho * (w - z)
    np.testing.assert_allclose(
        network.forward(torch.tensor(x)), z, rtol=0, atol=1e-11)


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
