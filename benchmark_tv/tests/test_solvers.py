"""Every solver reaches the certified optimum, or keeps its own promise."""
import sys

import numpy as np
import pytest
import torch

from unrolling.prox import prox_tv
from unrolling.tv import best_constant, tv_cost

DATA = pytest.mark.parametrize(
    "data", ["wide", "tall", "two times", "identity", "blur"])
SLOW = {"Subgradient", "Fixed-point", "Synthesis-ISTA", "Silver-PGD"}
"""Those with tests of their own: their rates allow no more."""


def costs(objective, u):
    return tv_cost(u, *objective.problem)


def start(objective):
    """The best constant of each sample."""
    c = best_constant(objective.A, objective.x_test, objective.delta_test)
    return np.repeat(c[:, None], objective.A.shape[1], axis=1)


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


@DATA
def test_classical_solvers_reach_the_optimum(suite, classical_class, data):
    check_optimal(suite, classical_class, suite.make_objective(data))


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


def test_zero_iterations_is_the_start(suite, classical_class):
    """All curves start at the same point, the best constant."""
    objective = suite.make_objective("identity")
    solver, reason = suite.make_solver(classical_class, objective)
    if reason is not None or solver._solver_strategy == "run_once":
        pytest.skip(reason or "run_once solvers have one point")
    solver.run_once(1e38 if solver._solver_strategy == "tolerance" else 0)
    np.testing.assert_allclose(
        solver.get_result()["u"], start(objective), rtol=0, atol=1e-13)


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
    u, L = start(objective), np.linalg.norm(A, 2) ** 2
    for n, step in enumerate(steps, 1):
        u = prox_tv(u - step / L * (u @ A.T - x) @ A, step / L * lmbd)
        np.testing.assert_allclose(
            suite.run(name, objective, n)["u"], u, rtol=0, atol=1e-12)


@pytest.mark.parametrize("data", ["wide", "tall", "blur"])
@pytest.mark.parametrize("data_fit", ["quad", "huber"])
def test_rate_of_silver_steps(suite, data, data_fit):
    """After n = 2^k - 1 iterations the excess is of the order of L ||u* -
    u_0||^2 / (1 + sqrt 2)^k, that is of n^-1.27, and not of n^-1."""
    objective = suite.make_objective(data, data_fit=data_fit)
    move = objective.reference.u - start(objective)
    unit = np.linalg.norm(objective.A, 2) ** 2 * (move**2).sum(axis=1)
    for k in range(1, 12):
        u = suite.run("Silver-PGD", objective, 2**k - 1)["u"]
        excess = costs(objective, u) - objective.reference.cost
        assert (excess <= unit / (1 + 2**0.5) ** k).all()


@pytest.mark.parametrize("name", ["PGD", "Synthesis-ISTA", "Synthesis-CD"])
def test_descent_methods_descend(suite, name):
    objective = suite.make_objective()
    path = [costs(objective, suite.run(name, objective, n)["u"])
            for n in range(12)]
    assert (np.diff(path, axis=0) <= 1e-13).all()
    assert (path[-1] < path[0]).all()


@pytest.mark.parametrize("data_fit", ["quad", "huber"])
def test_sparsa_stays_below_its_last_costs(suite, data_fit):
    objective = suite.make_objective("blur", 0.1, data_fit=data_fit)
    path = np.array([
        costs(objective, suite.run("SpaRSA", objective, n, memory=3)["u"])
        for n in range(15)])
    for n in range(1, 15):
        highest = path[max(0, n - 3):n].max(axis=0)
        assert (path[n] <= highest + 1e-13).all()
    pgd = costs(objective, suite.run("PGD", objective, 14)["u"])
    assert path[-1].mean() < pgd.mean()


def test_acceleration(suite):
    objective = suite.make_objective("blur", 0.1)
    pgd = costs(objective, suite.run("PGD", objective, 60)["u"]).mean()
    for restart in (True, False):
        u = suite.run("APGD", objective, 60, restart=restart)["u"]
        assert costs(objective, u).mean() < pgd


@pytest.mark.parametrize("data", ["wide", "tall", "blur"])
def test_rate_of_projected_ista(suite, data):
    """P - P* <= ||D||^2 ||z* - z_0||^2 / 2n for the jumps z alone, with D the
    columns of A L, projected orthogonally to A 1: the best constant for given
    jumps leaves the problem of these columns. Its ||D||^2 is no larger."""
    objective = suite.make_objective(data)
    A, u_star = objective.A, objective.reference.u
    B = np.array([A[:, j:].sum(axis=1) for j in range(A.shape[1])]).T
    D = B[:, 1:] - np.outer(B[:, 0], np.linalg.pinv(B[:, :1]) @ B[:, 1:])
    assert np.linalg.norm(D, 2) <= np.linalg.norm(B, 2)
    move = (np.diff(u_star) ** 2).sum(axis=1)  # from a constant
    bound = np.linalg.norm(D, 2) ** 2 * move / 2
    for n in (1, 10, 100, 1000):
        u = suite.run("Synthesis-ISTA", objective, n, projected=True)["u"]
        excess = costs(objective, u) - objective.reference.cost
        assert (excess <= bound / n + 1e-12).all()
    metrics = objective.evaluate_result(
        **suite.run("Synthesis-FISTA", objective, 4000, projected=True))
    assert abs(metrics["suboptimality"]) <= 1e-8


@pytest.mark.parametrize("name", ["Synthesis-ISTA", "Synthesis-FISTA"])
def test_the_constant_is_projected_out_for_least_squares_only(suite, name):
    objective = suite.make_objective("wide", data_fit="huber")
    _, reason = suite.make_solver(name, objective, projected=True)
    assert "needs the quadratic data fit" in reason
    assert suite.make_solver(name, objective, projected=False)[1] is None


@pytest.mark.parametrize("data_fit", ["quad", "huber"])
def test_rate_of_synthesis_ista(suite, data_fit):
    """P - P* <= ||A L||^2 ||z* - z_0||^2 / 2n: A. Beck and M. Teboulle, 2009,
    theorem 3.1, for a solution z*, here the jumps of the reference."""
    objective = suite.make_objective(data_fit=data_fit)
    A, u0, u_star = objective.A, start(objective), objective.reference.u
    B = np.array([A[:, j:].sum(axis=1) for j in range(A.shape[1])]).T
    move = np.hstack([(u_star - u0)[:, :1], np.diff(u_star - u0)])
    bound = np.linalg.norm(B, 2) ** 2 * (move**2).sum(axis=1) / 2
    for n in (1, 10, 100, 1000):
        u = suite.run("Synthesis-ISTA", objective, n)["u"]
        excess = costs(objective, u) - objective.reference.cost
        assert (excess <= bound / n + 1e-12).all()


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


@pytest.mark.parametrize("data_fit", ["quad", "huber"])
def test_fixed_point_converges(suite, data_fit):
    """On an easy problem; on another, the excess of the start goes down by
    1000."""
    objective = suite.make_objective("two times", data_fit=data_fit)
    u = suite.run("Fixed-point", objective, 5000, n_blocks=2)["u"]
    excess = costs(objective, u) - objective.reference.cost
    assert (excess <= 1e-8 * objective.reference.cost).all()
    objective = suite.make_objective("tall", data_fit=data_fit)
    excess = [
        (costs(objective, suite.run(
            "Fixed-point", objective, n, n_blocks=3)["u"])
         - objective.reference.cost).mean() for n in (0, 7000)]
    assert excess[1] <= 1e-3 * excess[0]


@pytest.mark.parametrize("data_fit", ["quad", "huber"])
def test_subgradient_approaches(suite, data_fit):
    objective = suite.make_objective("tall", data_fit=data_fit)
    excess = [
        (costs(objective, suite.run("Subgradient", objective, n)["u"])
         - objective.reference.cost).mean() for n in (0, 100, 10_000)]
    assert excess[2] < 0.2 * excess[1]
    assert excess[2] < 0.05 * excess[0]


@pytest.mark.parametrize("data", ["wide", "identity"])
@pytest.mark.parametrize("rho", [0.5, 2.0])
@pytest.mark.parametrize("relaxation", [1.0, 1.6])
def test_admm_is_the_algorithm(suite, data, rho, relaxation):
    """With the dense inverse, also for the adaptive solver's first penalty,
    whose residuals are compared after the first point."""
    objective = suite.make_objective(data)
    A, x, lmbd = objective.A, objective.x_test, objective.lmbd
    columns = np.array([A[:, j:].sum(axis=1) for j in range(A.shape[1])]).T
    D = columns[:, 1:] - columns[:, :1] @ (
        np.linalg.pinv(columns[:, :1]) @ columns[:, 1:])
    penalty = rho * lmbd * np.linalg.norm(D, 2) ** 2
    nabla = np.diff(np.eye(A.shape[1]), axis=0)
    inverse = np.linalg.inv(A.T @ A + penalty * nabla.T @ nabla)
    w = dual = np.zeros((len(x), len(nabla)))
    first = x @ A @ inverse
    for _ in range(20):
        u = (x @ A + penalty * (w - dual) @ nabla) @ inverse
        v = relaxation * u @ nabla.T + (1 - relaxation) * w + dual
        w = v - v.clip(-lmbd / penalty, lmbd / penalty)
        dual = v - w
    result = suite.run("ADMM", objective, 20, adaptive=False, rho=rho,
                       relaxation=relaxation)["u"]
    np.testing.assert_allclose(result, u, rtol=0, atol=1e-11)
    result = suite.run("ADMM", objective, 1, adaptive=True, rho=rho)["u"]
    np.testing.assert_allclose(result, first, rtol=0, atol=1e-11)


def test_a_fixed_penalty_needs_no_eigendecomposition(suite, monkeypatch):
    """It would be timed."""
    module = sys.modules[suite.get_class("ADMM").__module__]
    monkeypatch.delattr(module, "eigh")
    objective = suite.make_objective()
    suite.run("ADMM", objective, 3, adaptive=False)
    with pytest.raises(NameError):
        suite.run("ADMM", objective, 3, adaptive=True)


@DATA
def test_one_penalty_suits_short_and_long_signals(suite, data):
    """A penalty of 10 ||A||^2 leaves 3 to 10 % of the excess of the start on
    three of these."""
    objective = suite.make_objective(data, 0.1)
    first, last = [
        (costs(objective, suite.run("ADMM", objective, n)["u"])
         - objective.reference.cost).mean() for n in (0, 50)]
    assert last < 1e-2 * first


def test_adaptive_penalty_mends_a_bad_one(suite):
    objective = suite.make_objective("blur")
    fixed, adaptive = [
        costs(objective, suite.run("ADMM", objective, 100, adaptive=a,
                                   rho=1e-3)["u"]).mean()
        - objective.reference.cost.mean() for a in (False, True)]
    assert adaptive < 0.1 * fixed


@pytest.mark.parametrize("data", ["tall", "identity"])
@pytest.mark.parametrize(("accelerated", "restart"), [
    (True, True), (True, False), (False, False)])
def test_dual_pgd(suite, data, accelerated, restart):
    objective = suite.make_objective(data)
    u = suite.run("Dual-PGD", objective, 3000, accelerated=accelerated,
                  restart=restart)["u"]
    excess = costs(objective, u) - objective.reference.cost
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
    A, u = objective.A, start(objective)
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
