"""The learned solvers: their algorithms before training, better after."""
import numpy as np
import pytest
import torch

from unrolling.prox import prox_tv
from unrolling.testing import check_network
from unrolling.tv import tv_cost

DATA = pytest.mark.parametrize("data", ["wide", "tall", "blur"])
UNROLLED = {
    "ADMM[adaptive=False]": ("ADMM", {"adaptive": False, "rho": 0.1}),
    "Synthesis-ISTA[projected=False]": (
        "Synthesis-ISTA", {"projected": False}),
    "Condat-Vu[ratio=10.0]": ("Condat-Vu", {"ratio": 10.0}),
    "Condat-Vu[ratio=1.0]": ("Condat-Vu", {"ratio": 1.0})}
"""Solvers with parameters, by the name that the networks call them."""


def make_network(suite, name, data, init="constant", **parameters):
    """The untrained network of a solver, and its objective."""
    objective = suite.make_objective(data, 0.1, init=init)
    solver, reason = suite.make_solver(name, objective, **parameters)
    assert reason is None
    return solver.untrained, objective


@DATA
def test_untrained_is_its_algorithm(suite, learned_class, data):
    network, objective = make_network(suite, learned_class.name, data)
    if network.unrolls is None:
        pytest.skip("unrolls no solver, see its own test")
    assert_equal_iterates(suite, network, objective)


def test_another_start_is_the_algorithm_s(suite, learned_class):
    """Of the untrained network, and of one for another problem."""
    network, objective = make_network(
        suite, learned_class.name, "wide", "least-squares")
    network.guarded = False
    x = torch.tensor(objective.x_test)
    for again in (network, network.with_problem(lmbd=0.2)):
        np.testing.assert_allclose(
            again(x), suite.start(objective), rtol=0, atol=1e-12)
    if network.unrolls is not None:
        assert_equal_iterates(suite, network, objective)


@pytest.mark.parametrize("name", ["Step-Condat-Vu", "Coupled-Condat-Vu"])
def test_another_ratio_is_the_algorithm_with_it(suite, name):
    network, objective = make_network(suite, name, "wide", ratio=1.0)
    assert network.unrolls == "Condat-Vu[ratio=1.0]"
    assert_equal_iterates(suite, network, objective)


def assert_equal_iterates(suite, network, objective):
    """Those of the untrained network, and of the solver that it unrolls."""
    name, parameters = UNROLLED.get(
        network.unrolls, (network.unrolls, {}))
    network.guarded = False
    for depth in (0, 1, 2, 5):
        expected = suite.run(name, objective, depth, **parameters)["u"]
        np.testing.assert_allclose(
            network.with_layers([], {}).grow(depth)(objective.x_test),
            expected, rtol=0, atol=1e-10 * max(1, abs(expected).max()))


def test_derivatives(suite, learned_class):
    network, objective = make_network(suite, learned_class.name, "wide")
    check_network(network, objective.x_test[:4], n_layers=2)


def test_training_pays_on_held_out_samples(suite, learned_class):
    """With two layers, and on average; the worst is no worse than the start's.
    """
    objective = suite.make_objective("wide", 0.1)
    untrained, trained = (
        objective.evaluate_result(**suite.run(
            learned_class, objective, 2, loss=loss))
        for loss in ("none", "unsupervised"))
    assert 0 < trained["suboptimality"] < untrained["suboptimality"]
    assert trained["n_parameters"] == untrained["n_parameters"]
    assert trained["train_time_s"] > 0
    start = objective.evaluate_result(
        **suite.run(learned_class, objective, 0))
    assert trained["suboptimality_worst"] <= start["suboptimality_worst"]


def test_steps_alone_are_few_parameters(suite):
    objective = suite.make_objective("wide", 0.1)
    n_parameters = {
        name: objective.evaluate_result(**suite.run(
            name, objective, 2, loss="none"))["n_parameters"]
        for name in ("Tuned-PGD", "Step-LPGD", "Coupled-LPGD", "LPGD",
                     "LPGD-Taut", "Step-Condat-Vu", "Step-ADMM")}
    n_dim, n_times = objective.A.shape
    assert n_parameters == {
        "Tuned-PGD": 1, "Step-LPGD": 2, "Step-Condat-Vu": 4, "Step-ADMM": 4,
        "Coupled-LPGD": 2 * (2 + n_dim * n_times),
        "LPGD": 2 * (2 + n_dim * n_times + n_times**2),
        "LPGD-Taut": 2 * (n_dim * n_times + n_times**2)}


def test_one_tuned_step_is_for_all_layers(suite):
    """Trained, it is PGD with a step that costs less on the training problems
    than steps that are a tenth shorter or longer, and than 1/L."""
    objective = suite.make_objective("tall", 0.1)
    solver, reason = suite.make_solver("Tuned-PGD", objective)
    assert reason is None
    solver.run_once(3)
    network, step = solver.trained, solver.trained.shared["step"]

    def after(factor):
        A, x, u = objective.A, objective.x_train, None
        a = factor * step.item()
        network.bind(torch.tensor(x))
        u = network.start().numpy()
        for _ in range(3):
            u = prox_tv(u - a * (u @ A.T - x) @ A, a * objective.lmbd)
        return u, tv_cost(u, A, x, objective.lmbd).mean()

    u, cost = after(1)
    np.testing.assert_allclose(
        network.forward(torch.tensor(objective.x_train)), u, atol=1e-12)
    assert cost < min(after(factor)[1] for factor in (0.9, 1.1))
    assert cost < after(1 / network.L / step.item())[1]


def test_semi_supervised_targets_are_the_minimisers(suite):
    objective = suite.make_objective("tall", 0.1)
    solver, reason = suite.make_solver(
        "Step-LPGD", objective, loss="semi-supervised")
    assert reason is None
    target = torch.as_tensor(solver.samples[1]).numpy()
    A, x = objective.A, objective.x_train
    residual = x - target @ A.T
    sums = (residual @ A).cumsum(axis=1)
    # optimality: sums of A'(x - Au) in [-lmbd, lmbd], and zero at the end
    assert abs(sums).max() <= objective.lmbd * (1 + 1e-4)
    np.testing.assert_allclose(sums[:, -1], 0, atol=1e-6)


def test_hubers_fit_is_refused(suite, learned_class):
    objective = suite.make_objective("wide", data_fit="huber")
    _, reason = suite.make_solver(learned_class, objective)
    assert "use data_fit=quad" in reason


LEARN_PROX = pytest.mark.parametrize(
    "learn_prox", ["none", "global", "per-layer"])


def make_inner(suite, learn_prox, n_inner, depth=3):
    """An untrained network with inner layers, and its objective."""
    network, objective = make_network(
        suite, "LPGD-LISTA", "wide", n_inner=n_inner, learn_prox=learn_prox)
    network.guarded = False
    return network.grow(depth), objective


def ista_on_jumps(v, t, n_iter):
    """ISTA from the jumps z of v on 1/2 ||v - S z||^2 + t ||z[1:]||_1."""
    n_times = v.shape[1]
    S = np.tril(np.ones((n_times, n_times)))
    step = 1 / np.linalg.norm(S, ord=2) ** 2
    z = np.diff(v, axis=1, prepend=0)
    for _ in range(n_iter):
        z = z - step * (z @ S.T - v) @ S
        z[:, 1:] = np.sign(z[:, 1:]) * np.maximum(
            abs(z[:, 1:]) - step * t, 0)
    return z @ S.T


@LEARN_PROX
def test_untrained_inner_layers_are_ista(suite, learn_prox):
    """They start from the jumps of what the prox is of, at each layer."""
    network, objective = make_inner(suite, learn_prox, n_inner=4)
    A, x = objective.A, objective.x_test
    step, u = 1 / np.linalg.norm(A, ord=2) ** 2, suite.start(objective)
    for _ in range(3):
        v = u - step * (u @ A.T - x) @ A
        u = ista_on_jumps(v, step * objective.lmbd, 4)
    np.testing.assert_allclose(network(x), u, rtol=0, atol=1e-12)


@LEARN_PROX
def test_many_inner_layers_are_the_prox(suite, learn_prox):
    errors = []
    for n_inner in (3, 3000):
        network, objective = make_inner(suite, learn_prox, n_inner)
        x = objective.x_test
        error = network.layer_metrics(torch.tensor(x))["prox_error"][0]
        assert (error > 1e-3) == (n_inner == 3)
        exact = suite.run("PGD", objective, 3)["u"]
        errors.append(abs(network(x) - exact).max())
    assert errors[1] <= 1e-6 < errors[0]


@LEARN_PROX
def test_what_inner_layers_learn(suite, learn_prox):
    """Two matrices and a threshold each, where they shall be; the thresholds
    are factors of that of the prox."""
    network, objective = make_inner(suite, learn_prox, n_inner=4)
    n_times = objective.A.shape[1]
    inner = {name: tuple(value.shape)
             for name, value in network.named_parameters().items()
             if ".prox_" in name}
    assert inner == {
        f"{group}.prox_{name}": (4, *shape)
        for group in {"none": (), "global": ["shared"],
                      "per-layer": range(3)}[learn_prox]
        for name, shape in [("W_z", 2 * (n_times,)), ("W_x", 2 * (n_times,)),
                            ("threshold", ())]}
    if inner:
        moved = network.with_parameters({
            name: 1e9 * value if name.endswith("prox_threshold") else value
            for name, value in network.named_parameters().items()})
        flat = moved(objective.x_test)
        np.testing.assert_allclose(
            flat, np.repeat(flat[:, :1], n_times, axis=1), rtol=1e-12)


@pytest.mark.parametrize("layerwise", ["network", "recursive"])
def test_inner_networks_are_trained_on(suite, layerwise):
    """As published they start from the trained network of the same depth
    whose inner network is untrained, and descent only lowers the loss."""
    objective, losses = suite.make_objective("wide", 0.1), {}
    for learn_prox in ("none", "per-layer"):
        solver, reason = suite.make_solver(
            "LPGD-LISTA", objective, n_inner=20, learn_prox=learn_prox,
            descent_steps=5, layerwise=layerwise, safeguarded=False)
        assert reason is None
        losses[learn_prox] = [
            solver.trained_weights(depth).info["train_loss"]
            for depth in (1, 2, 3)]
    assert all(np.array(losses["per-layer"]) < losses["none"])


@pytest.mark.parametrize(("parameters", "message"), [
    ({"n_inner": 0}, "n_inner must be an integer >= 1, got n_inner=0"),
    ({"learn_prox": "all"}, "none, global, per-layer, got learn_prox=all")])
def test_bad_inner_networks_are_refused(suite, parameters, message):
    _, reason = suite.make_solver(
        "LPGD-LISTA", suite.make_objective(), **parameters)
    assert message in reason
