"""Every solver reaches the certified optimum, or improves on ISTA."""
import numpy as np
import pytest
import torch

from unrolling.lasso import lasso_cost

DATA = pytest.mark.parametrize(
    "data", ["white", "codes", "few atoms", "digits"])


def costs(objective, z):
    return lasso_cost(z, objective.D, objective.x_test, objective.lmbd)


@DATA
def test_classical_solvers_reach_the_optimum(suite, classical_class, data):
    """Certified by the gap, too: the bound of the objective's criterion."""
    objective = suite.make_objective(data)
    result = suite.run_to_the_end(classical_class, objective)
    assert set(result) - {"products"} == {"z"}
    assert result["z"].shape == (len(objective.x_test), objective.D.shape[1])
    metrics = objective.evaluate_result(**result)
    assert -1e-12 <= metrics["suboptimality"] <= 1e-8
    assert metrics["duality_gap"] <= 1e-8


def test_zero_iterations_is_the_start(suite, solver_class):
    """All curves start at the same point, F(0)."""
    objective = suite.make_objective()
    solver, _ = suite.make_solver(solver_class, objective)
    if solver._solver_strategy == "run_once":
        pytest.skip("run_once solvers have one point")
    stop_val = 1e38 if solver._solver_strategy == "tolerance" else 0
    solver.run_once(stop_val)
    assert not solver.get_result()["z"].any()


@pytest.mark.parametrize("name", ["ISTA", "FISTA"])
def test_torch_equals_numpy(suite, name):
    objective = suite.make_objective()
    in_torch, in_numpy = [
        suite.run(name, objective, 50, backend=backend)["z"]
        for backend in ("torch", "numpy")]
    assert isinstance(in_torch, np.ndarray)
    np.testing.assert_allclose(in_torch, in_numpy, rtol=0, atol=1e-12)


def test_iterations_of_ista_are_counted_right(suite):
    objective = suite.make_objective()
    for n_iter in (1, 2, 10):
        np.testing.assert_allclose(
            suite.run("ISTA", objective, n_iter)["z"],
            suite.ista(objective, n_iter), rtol=0, atol=1e-13)


@pytest.mark.parametrize("name", ["ISTA", "Backtracking-ISTA", "Oracle-ISTA",
                                  "CD"])
def test_descent_methods_descend(suite, name):
    objective = suite.make_objective()
    path = [costs(objective, suite.run(name, objective, n)["z"])
            for n in range(12)]
    assert (np.diff(path, axis=0) <= 1e-14).all()
    assert (path[-1] < path[0]).all()


def test_oracle_steps_are_not_worse_than_ista(suite):
    objective = suite.make_objective(reg=0.7)
    for n_iter in (5, 20):
        oracle = suite.run("Oracle-ISTA", objective, n_iter)["z"]
        assert costs(objective, oracle).mean() < costs(
            objective, suite.ista(objective, n_iter)).mean()


@pytest.mark.parametrize("data", ["white", "few atoms"])
def test_oracle_ista_is_algorithm_1(suite, data):
    """Sample by sample, as it is printed."""
    objective = suite.make_objective(data, reg=0.1)
    D, lmbd = objective.D, objective.lmbd
    L, expected = np.linalg.norm(D, 2) ** 2, []
    for x in objective.x_test:
        z = np.zeros(D.shape[1])
        for _ in range(25):
            S, grad = z != 0, D.T @ (D @ z - x)
            L_S = np.linalg.norm(D[:, S], 2) ** 2 if S.any() else L
            y = suite.soft_threshold(z - grad / L_S, lmbd / L_S)
            if (y[~S] != 0).any():
                y = suite.soft_threshold(z - grad / L, lmbd / L)
            z = y
        expected.append(z)
    z = suite.run("Oracle-ISTA", objective, 25)["z"]
    np.testing.assert_allclose(z, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("memory", [1, 3, 5])
def test_sparsa_is_the_algorithm(suite, memory):
    """Sample by sample, as printed by Wright, Nowak and Figueiredo (2009), M
    = memory - 1; and the cheapest iterate so far is what it returns."""
    objective = suite.make_objective("codes", reg=0.1)
    D, lmbd, n = objective.D, objective.lmbd, 30
    L, paths, rises = np.linalg.norm(D, 2) ** 2, [], 0

    def cost(z, x):
        return 0.5 * ((x - D @ z) ** 2).sum() + lmbd * abs(z).sum()

    for x in objective.x_test:
        z, alpha = np.zeros(D.shape[1]), L
        iterates, values = [z], [cost(z, x)]
        for _ in range(n):
            while True:
                new = suite.soft_threshold(
                    z - D.T @ (D @ z - x) / alpha, lmbd / alpha)
                asked = 0.005 * alpha * ((new - z) ** 2).sum()
                if alpha >= L or cost(new, x) <= (
                        max(values[-memory:]) - asked):
                    break
                alpha = min(2 * alpha, L)
            move, z = new - z, new
            alpha = np.clip(((D @ move) ** 2).sum() / (move**2).sum(),
                            1e-6 * L, L) if move.any() else L
            iterates.append(z)
            values.append(cost(z, x))
        rises += (np.diff(values) > 1e-9).sum()
        paths.append([iterates[np.argmin(values[:t + 1])]
                      for t in range(n + 1)])
    assert (rises == 0) == (memory == 1)
    for t in (1, 2, 3, 5, 8, 12, n):
        np.testing.assert_allclose(
            suite.run("SpaRSA", objective, t, memory=memory)["z"],
            [path[t] for path in paths], rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    ("data", "reg"), [("codes", 0.8), ("few atoms", 0.1)])
def test_sparsa_ends_below_the_rounding_of_costs(suite, data, reg):
    """Iterates whose costs agree to the last digits are 1e-8 from the minimum,
    and so are their duality gaps: the cheapest is not the best of them."""
    objective = suite.make_objective(data, reg)
    result = suite.run("SpaRSA", objective, 2000)
    assert objective.evaluate_result(**result)["duality_gap"] < 1e-11


@pytest.mark.parametrize("data", ["white", "few atoms"])
@pytest.mark.parametrize("rho", [0.5, 2.0])
@pytest.mark.parametrize("relaxation", [1.0, 1.6])
def test_admm_is_the_algorithm(suite, data, rho, relaxation):
    """With the dense inverse in the place of Woodbury's identity."""
    objective = suite.make_objective(data)
    D, x = objective.D, objective.x_test
    inverse = np.linalg.inv(D.T @ D + rho * np.eye(D.shape[1]))
    z = u = np.zeros((len(x), D.shape[1]))
    for _ in range(20):
        v = (x @ D + rho * (z - u)) @ inverse
        v = relaxation * v + (1 - relaxation) * z
        z = suite.soft_threshold(v + u, objective.lmbd / rho)
        u = u + v - z
    result = suite.run(
        "ADMM", objective, 20, rho=rho, relaxation=relaxation)["z"]
    np.testing.assert_allclose(result, z, rtol=0, atol=1e-12)


@pytest.mark.parametrize("data", ["white", "few atoms"])
def test_cd_counts_its_multiplications(suite, data):
    """By residuals, sample by sample: n_atoms for each atom that changes, in
    units of n_dim n_atoms, after D'x and a share of D'D."""
    objective = suite.make_objective(data)
    D, lmbd, x = objective.D, objective.lmbd, objective.x_test
    z, products = np.zeros((len(x), D.shape[1])), 1 + D.shape[1] / len(x)
    for n_cycles in range(4):
        result = suite.run("CD", objective, n_cycles)
        np.testing.assert_allclose(result["z"], z, rtol=0, atol=1e-12)
        assert result["products"] == pytest.approx(products, rel=1e-12)
        metrics = objective.evaluate_result(**result)
        assert metrics["products"] == result["products"]
        for row, target in zip(z, x, strict=True):
            for j, atom in enumerate(D.T):
                new = suite.soft_threshold(
                    atom @ (target - D @ row) + row[j], lmbd)
                products += (new != row[j]) / (len(D) * len(x))
                row[j] = new


def test_fista_is_accelerated(suite):
    objective = suite.make_objective(reg=0.1)
    ista = costs(objective, suite.ista(objective, 100)) - objective.optimum
    for restart in (True, False):
        z = suite.run("FISTA", objective, 100, restart=restart)["z"]
        assert (costs(objective, z) - objective.optimum).mean() < ista.mean()


def test_fista_is_within_its_rate(suite):
    """F - F* <= 2 L ||z*||^2 / (n + 1)^2 (Beck and Teboulle, theorem 4.4)."""
    objective = suite.make_objective(reg=0.1)
    L = np.linalg.norm(objective.D, 2) ** 2
    z_star = suite.run("LARS", objective, 1)["z"]
    for n in (1, 3, 10, 30, 100):
        z = suite.run("FISTA", objective, n, restart=False)["z"]
        bound = 2 * L * (z_star**2).sum(axis=1) / (n + 1) ** 2
        assert (costs(objective, z) - objective.optimum <= bound).all()


@pytest.mark.parametrize("reg", [0.01, 1.0])
def test_extreme_regularisation(suite, reg, classical_class):
    objective = suite.make_objective("few atoms", reg=reg)
    metrics = objective.evaluate_result(
        **suite.run_to_the_end(classical_class, objective))
    assert -1e-12 <= metrics["suboptimality"] <= 1e-8


@pytest.mark.parametrize(("solver", "parameters", "expected"), [
    ("ISTA", {"device": "cuda", "backend": "torch"}, "torch sees no GPU"),
    ("FISTA", {"device": "cuda", "backend": "torch"}, "torch sees no GPU"),
    ("ADMM", {"device": "cuda"}, "device=cuda but torch sees no GPU"),
    ("LISTA", {"device": "cuda:1"}, "device=cuda:1 but torch sees no GPU"),
    ("ISTA", {"device": "cuda"}, "backend=numpy runs on device=cpu, got "
     "device=cuda"),
    ("FISTA", {"backend": "jax"}, "numpy or torch, got backend=jax"),
    ("ADMM", {"rho": 0.0}, "rho must be a positive number, got rho=0.0"),
    ("ADMM", {"relaxation": 2.0}, r"relaxation must be a number in \(0, 2\)"),
    ("SpaRSA", {"memory": 0}, "memory must be an integer >= 1, got "
     "memory=0"),
    ("SpaRSA", {"memory": 2.5}, "memory must be an integer >= 1"),
    ("SpaRSA", {"sigma": 1.0}, r"sigma must be a number in \[0, 1\)"),
    ("ADMM", {"device": "tpu"}, "cpu or cuda, got device=tpu"),
    ("LISTA", {"loss": "typo"}, "semi-supervised, none, got loss=typo"),
    ("LISTA", {"perturbation": -1}, "positive number, got perturbation=-1"),
    ("Batch-FISTA", {"dtype": "half"}, "float32 or float64, got dtype=half"),
    ("ALISTA", {"loss": "supervised"}, "needs the true codes of the "
     "training data.* use loss=semi-supervised"),
])
def test_skip_reasons(suite, monkeypatch, solver, parameters, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    _, reason = suite.make_solver(
        solver, suite.make_objective(), **parameters)
    pytest.raises(ValueError, raise_, reason).match(expected)


def raise_(message):
    raise ValueError(message)


def test_defaults_are_not_skipped(suite, solver_class):
    for data in ("white", "codes"):
        assert suite.make_solver(
            solver_class, suite.make_objective(data))[1] is None
