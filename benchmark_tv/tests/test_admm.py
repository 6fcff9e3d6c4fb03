"""ADMM on TV-regularised problems: the algorithm, and its penalty."""
import sys
from itertools import islice

import numpy as np
import pytest


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


@pytest.mark.parametrize(
    "data", ["wide", "tall", "two times", "identity", "blur"])
def test_one_penalty_suits_short_and_long_signals(suite, data):
    """A penalty of 10 ||A||^2 leaves 3 to 10 % of the excess of the start on
    three of these."""
    objective = suite.make_objective(data, 0.1)
    first, last = [
        suite.excess("ADMM", objective, n).mean() for n in (0, 50)]
    assert last < 1e-2 * first


def test_adaptive_penalty_mends_a_bad_one(suite):
    objective = suite.make_objective("blur")
    fixed, adaptive = [
        suite.excess("ADMM", objective, 100, adaptive=a, rho=1e-3).mean()
        for a in (False, True)]
    assert adaptive < 0.1 * fixed


@pytest.mark.parametrize("data", ["wide", "tall"])
def test_adaptive_penalty_stays_where_nothing_jumps(suite, data):
    """The dual residual is exactly zero then, whatever the penalty is."""
    objective = suite.make_objective(data, reg=1.0)
    excess = suite.excess("ADMM", objective, 1000, adaptive=True)
    assert excess.max() < 1e-12


def test_the_adaptive_penalty_has_no_unit(suite):
    """c A, x / c and u / c^2 pose the same problem."""
    objective = suite.make_objective("tall")
    solver, _ = suite.make_solver("ADMM", objective, adaptive=True)
    A, x, u = solver.arrays()
    small, plain, large = (c**2 * next(islice(solver.iterates(
        c * A, x / c, u / c**2, objective.lmbd), 40, None))
        for c in (1e-2, 1, 1e2))
    np.testing.assert_allclose(small, plain, rtol=0, atol=1e-9)
    np.testing.assert_allclose(large, plain, rtol=0, atol=1e-9)
