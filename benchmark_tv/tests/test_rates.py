"""Solvers converge at the rates of their theory, or stay below a bound."""
import numpy as np
import pytest


@pytest.mark.parametrize("data", ["wide", "tall", "blur"])
@pytest.mark.parametrize("data_fit", ["quad", "huber"])
def test_rate_of_silver_steps(suite, data, data_fit):
    """After n = 2^k - 1 iterations the excess is of the order of L ||u* -
    u_0||^2 / (1 + sqrt 2)^k, that is of n^-1.27, and not of n^-1."""
    objective = suite.make_objective(data, data_fit=data_fit)
    move = objective.reference.u - suite.start(objective)
    unit = np.linalg.norm(objective.A, 2) ** 2 * (move**2).sum(axis=1)
    for k in range(1, 12):
        excess = suite.excess("Silver-PGD", objective, 2**k - 1)
        assert (excess <= unit / (1 + 2**0.5) ** k).all()


@pytest.mark.parametrize("name", ["PGD", "Synthesis-ISTA", "Synthesis-CD"])
def test_descent_methods_descend(suite, name):
    objective = suite.make_objective()
    path = [suite.excess(name, objective, n) for n in range(12)]
    assert (np.diff(path, axis=0) <= 1e-13).all()
    assert (path[-1] < path[0]).all()


@pytest.mark.parametrize("data_fit", ["quad", "huber"])
def test_sparsa_stays_below_its_last_costs(suite, data_fit):
    objective = suite.make_objective("blur", 0.1, data_fit=data_fit)
    path = np.array([
        suite.excess("SpaRSA", objective, n, memory=3) for n in range(15)])
    for n in range(1, 15):
        highest = path[max(0, n - 3):n].max(axis=0)
        assert (path[n] <= highest + 1e-13).all()
    pgd = suite.excess("PGD", objective, 14)
    assert path[-1].mean() < pgd.mean()


def test_acceleration(suite):
    objective = suite.make_objective("blur", 0.1)
    pgd = suite.excess("PGD", objective, 60).mean()
    for restart in (True, False):
        apgd = suite.excess("APGD", objective, 60, restart=restart)
        assert apgd.mean() < pgd


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
        excess = suite.excess("Synthesis-ISTA", objective, n, projected=True)
        assert (excess <= bound / n + 1e-12).all()
    metrics = objective.evaluate_result(
        **suite.run("Synthesis-FISTA", objective, 4000, projected=True))
    assert abs(metrics["suboptimality"]) <= 1e-8


@pytest.mark.parametrize("data_fit", ["quad", "huber"])
def test_rate_of_synthesis_ista(suite, data_fit):
    """P - P* <= ||A L||^2 ||z* - z_0||^2 / 2n: A. Beck and M. Teboulle, 2009,
    theorem 3.1, for a solution z*, here the jumps of the reference."""
    objective = suite.make_objective(data_fit=data_fit)
    A, u0, u_star = objective.A, suite.start(objective), objective.reference.u
    B = np.array([A[:, j:].sum(axis=1) for j in range(A.shape[1])]).T
    move = np.hstack([(u_star - u0)[:, :1], np.diff(u_star - u0)])
    bound = np.linalg.norm(B, 2) ** 2 * (move**2).sum(axis=1) / 2
    for n in (1, 10, 100, 1000):
        excess = suite.excess("Synthesis-ISTA", objective, n)
        assert (excess <= bound / n + 1e-12).all()


@pytest.mark.parametrize("data_fit", ["quad", "huber"])
def test_fixed_point_converges(suite, data_fit):
    """On an easy problem; on another, the excess of the start goes down by
    1000."""
    objective = suite.make_objective("two times", data_fit=data_fit)
    excess = suite.excess("Fixed-point", objective, 5000, n_blocks=2)
    assert (excess <= 1e-8 * objective.reference.cost).all()
    objective = suite.make_objective("tall", data_fit=data_fit)
    excess = [
        suite.excess("Fixed-point", objective, n, n_blocks=3).mean()
        for n in (0, 7000)]
    assert excess[1] <= 1e-3 * excess[0]


@pytest.mark.parametrize("data_fit", ["quad", "huber"])
def test_subgradient_approaches(suite, data_fit):
    objective = suite.make_objective("tall", data_fit=data_fit)
    excess = [suite.excess("Subgradient", objective, n).mean()
              for n in (0, 100, 10_000)]
    assert excess[2] < 0.2 * excess[1]
    assert excess[2] < 0.05 * excess[0]
