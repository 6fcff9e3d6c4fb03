"""Every solver reaches the certified optimum, or keeps its own promise."""
import sys

import numpy as np
import pytest
import torch

from unrolling.prox import prox_tv

INIT = pytest.mark.parametrize("init", ["constant", "least-squares"])
SLOW = {"Subgradient", "Fixed-point", "Synthesis-ISTA", "Silver-PGD"}
"""Those with tests of their own: their rates allow no more."""


def check_optimal(suite, solver_class, objective):
    if solver_class.name in SLOW:
        pytest.skip("slow by its rate, see its own test")
    result = suite.run_to_the_end(solver_class, objective)
    assert list(result) == ["u"]
    assert result["u"].shape == (
        len(objective.x_test), objective.A.shape[1])
    metrics = objective.evaluate_result(**result)
    assert -1e-12 <= metrics["suboptimality"] <= 1e-8
    assert metrics["duality_gap"] <= 1e-6


@pytest.mark.parametrize(
    "data", ["wide", "tall", "two times", "identity", "blur"])
def test_classical_solvers_reach_the_optimum(suite, classical_class, data):
    check_optimal(suite, classical_class, suite.make_objective(data))


def test_the_optimum_does_not_depend_on_the_start(suite, classical_class):
    check_optimal(suite, classical_class, suite.make_objective(
        "tall", init="least-squares"))


@pytest.mark.parametrize("data", ["wide", "tall", "identity"])
def test_with_hubers_fit(suite, classical_class, data):
    check_optimal(suite, classical_class, suite.make_objective(
        data, data_fit="huber", delta=0.5))


@pytest.mark.parametrize("reg", [0.05, 1.0])
def test_extreme_regularisation(suite, reg, classical_class):
    check_optimal(suite, classical_class, suite.make_objective("tall", reg))


@pytest.mark.parametrize("data", ["tall", "two times"])
def test_the_optimum_is_that_of_all_sequences_of_signs(suite, data):
    """What the solvers are compared with, by brute force."""
    objective = suite.make_objective(data)
    expected = [suite.optimum(objective.A, x, objective.lmbd)
                for x in objective.x_test[:4]]
    np.testing.assert_allclose(
        objective.reference.cost[:4], expected, rtol=0, atol=1e-11)


@INIT
def test_zero_iterations_is_the_start(suite, classical_class, init):
    """All curves start at the same point."""
    objective = suite.make_objective("identity", init=init)
    solver, reason = suite.make_solver(classical_class, objective)
    if reason is not None or solver._solver_strategy == "run_once":
        pytest.skip(reason or "run_once solvers have one point")
    solver.run_once(1e38 if solver._solver_strategy == "tolerance" else 0)
    np.testing.assert_allclose(
        solver.get_result()["u"], suite.start(objective), rtol=0, atol=1e-13)


@INIT
def test_what_is_copied_starts_there_too(suite, init):
    objective = suite.make_objective("wide", init=init)
    np.testing.assert_allclose(
        suite.run(suite.template, objective, 0)["u"], suite.start(objective),
        rtol=0, atol=1e-13)


def test_analysis_and_synthesis_have_one_solution(suite):
    """Where A has full column rank, it is unique."""
    objective = suite.make_objective("tall")
    for name in ("APGD", "Synthesis-FISTA", "Synthesis-CD", "celer"):
        u = suite.run_to_the_end(suite.get_class(name), objective)["u"]
        np.testing.assert_allclose(
            u, objective.reference.u, rtol=0, atol=1e-6)


@pytest.mark.parametrize("data_fit", ["quad", "huber"])
@pytest.mark.parametrize("name", [
    "PGD", "APGD", "Silver-PGD", "Condat-Vu", "Chambolle-Pock",
    "Chambolle-Pock-split"])
def test_torch_equals_numpy(suite, name, data_fit):
    objective = suite.make_objective("blur", data_fit=data_fit)
    if suite.make_solver(name, objective)[1] is not None:
        pytest.skip("needs the quadratic fit")
    in_torch, in_numpy = [
        suite.run(name, objective, 50, backend=backend)["u"]
        for backend in ("torch", "numpy")]
    assert isinstance(in_torch, np.ndarray)
    np.testing.assert_allclose(in_torch, in_numpy, rtol=0, atol=1e-11)


@pytest.mark.parametrize(("name", "steps"), [
    ("PGD", [1] * 7),
    ("Silver-PGD", [2**0.5, 2, 2**0.5, 2 + 2**0.5, 2**0.5, 2, 2**0.5])])
def test_steps_of_proximal_gradient(suite, name, steps):
    objective = suite.make_objective()
    A, x, lmbd = objective.A, objective.x_test, objective.lmbd
    u, L = suite.start(objective), np.linalg.norm(A, 2) ** 2
    for n, step in enumerate(steps, 1):
        u = prox_tv(u - step / L * (u @ A.T - x) @ A, step / L * lmbd)
        np.testing.assert_allclose(
            suite.run(name, objective, n)["u"], u, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["Synthesis-ISTA", "Synthesis-FISTA"])
def test_the_constant_is_projected_out_for_least_squares_only(suite, name):
    objective = suite.make_objective("wide", data_fit="huber")
    _, reason = suite.make_solver(name, objective, projected=True)
    assert "needs the quadratic data fit" in reason
    assert suite.make_solver(name, objective, projected=False)[1] is None


def test_algorithms_end_with_the_bounds_of_the_objective(suite):
    solver, reason = suite.make_solver("PGD", suite.make_objective(
        "wide", max_time=3.0, max_iter=100))
    assert reason is None
    criterion = solver.stopping_criterion.get_runner_instance(solver=solver)
    point = {"objective_duality_gap": 1.0}
    assert [criterion.check_convergence([
        point | {"time": time, "stop_val": n_iter}])[0]
        for time, n_iter in ((2.9, 80), (3.0, 80), (2.9, 100))] == [
            False, True, True]


@pytest.mark.parametrize("data", ["tall", "identity"])
@pytest.mark.parametrize(("accelerated", "restart"), [
    (True, True), (True, False), (False, False)])
def test_dual_pgd(suite, data, accelerated, restart):
    objective = suite.make_objective(data)
    excess = suite.excess(
        "Dual-PGD", objective, 3000, accelerated=accelerated, restart=restart)
    assert -1e-12 <= excess.min() <= excess.max() <= 1e-6


def test_differences(suite):
    """The adjoint, and the norm, of the differences as a matrix."""
    utils = suite.tv
    rng = np.random.default_rng(0)
    for n_times in (2, 3, 10):
        u = rng.standard_normal((4, n_times))
        v = rng.standard_normal((4, n_times - 1))
        nabla = np.diff(np.eye(n_times), axis=0)
        np.testing.assert_allclose(utils.diff(u), u @ nabla.T, atol=1e-15)
        for array in (v, torch.tensor(v)):
            np.testing.assert_allclose(
                utils.diff_adjoint(array), v @ nabla, atol=1e-15)
        assert utils.diff_norm2(n_times) == pytest.approx(
            np.linalg.norm(nabla, 2) ** 2)


@pytest.mark.parametrize("ratio", [0.1, 1.0, 10.0])
def test_steps_of_condat_vu_are_within_its_theorem(suite, ratio):
    """1/tau - sigma ||nabla||^2 > L/2, with sigma ||nabla||^2 = ratio L / 2.
    From a constant, whose nabla'v is zero, the first move is tau A'(x - Au).
    """
    objective = suite.make_objective("tall")
    A, u = objective.A, suite.start(objective)
    gradient = (u @ A.T - objective.x_test) @ A
    move = suite.run("Condat-Vu", objective, 1, ratio=ratio)["u"] - u
    tau = np.linalg.norm(move) / np.linalg.norm(gradient)
    half = np.linalg.norm(A, 2) ** 2 / 2
    assert 1.02 * half > 1 / tau / (1 + ratio) > 1.001 * half


@pytest.mark.parametrize(("solver", "module", "conversion", "needed"), [
    ("Synthesis-CD", "benchmark_utils.synthesis", "from_jumps", 0),
    ("Dual-PGD", None, "diff_adjoint", 20)])
def test_signals_are_built_where_they_are_asked_for(
        suite, monkeypatch, solver, module, conversion, needed):
    """Of 20 iterations, only the last one's: by the callback that ends the
    run, and by `get_result`. An iteration on the dual needs one for itself.
    """
    solver_class = suite.get_class(solver)
    module = sys.modules[module or solver_class.__module__]
    original, calls = getattr(module, conversion), []
    monkeypatch.setattr(module, conversion, lambda *arguments: (
        calls.append(1), original(*arguments))[1])
    suite.run(solver_class, suite.make_objective("identity"), 20)
    assert len(calls) <= needed + 2


@pytest.mark.parametrize(("solver", "stop_val"), [
    ("Synthesis-FISTA", 20_000), ("Synthesis-CD", 500), ("celer", 1e-12)])
def test_synthesis_where_constants_are_lost(suite, solver, stop_val):
    """Rows of A that add up to zero, up to rounding: A1 has no direction, so
    that nothing is projected out, and the best constant is none."""
    rng = np.random.default_rng(0)
    A = rng.standard_normal((6, 10))
    A -= A.mean(axis=1, keepdims=True)
    assert A.sum(axis=1).any()
    objective = type(suite.make_objective()).get_instance(reg=0.1)
    objective.set_data(A=A, x_train=rng.standard_normal((2, 6)),
                       x_test=rng.standard_normal((3, 6)))
    u = suite.run(solver, objective, stop_val)["u"]
    assert abs(u).max() < 1e3
    assert objective.evaluate_result(u)["duality_gap"] < 1e-8
