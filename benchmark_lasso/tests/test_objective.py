"""The objective: scaling, certified reference, metrics, refusals."""
import json
import math
import pickle
import re

import numpy as np
import pytest

from unrolling.bench.testing import with_arrays, with_entry
from unrolling.lasso import duality_gap, solve_lasso

DATA = pytest.mark.parametrize(
    "data", ["white", "codes", "few atoms", "digits"])


@pytest.fixture
def raw():
    """Data that need scaling, with codes: x = D z for both sets."""
    rng = np.random.default_rng(0)
    D = rng.standard_normal((6, 9)) * rng.uniform(0.1, 10, 9)
    z = rng.standard_normal((15, 9)) * (rng.random((15, 9)) < 0.5)
    z[:, 0] = 1
    x = z @ D.T
    return {"D": D, "x_train": x[:10], "x_test": x[10:],
            "z_train": z[:10], "z_test": z[10:]}


@pytest.fixture
def objective(benchmark):
    return benchmark.get_benchmark_objective().get_instance(reg=0.3)


@DATA
def test_scaling(suite, data):
    objective = suite.make_objective(data)
    D = objective.D
    np.testing.assert_allclose(np.linalg.norm(D, axis=0), 1, rtol=1e-14)
    for x in (objective.x_train, objective.x_test):
        np.testing.assert_allclose(abs(x @ D).max(axis=1), 1, rtol=1e-13)
    assert objective.lmbd == objective.reg
    # hence lmbd_max = 1: zero is a solution at 1, and not below
    zero = np.zeros((len(objective.x_test), D.shape[1]))
    assert duality_gap(zero, D, objective.x_test, 1).max() <= 1e-14
    assert duality_gap(zero, D, objective.x_test, 0.999).min() > 0


def test_codes_are_scaled_with_the_samples(objective, raw):
    objective.set_data(**raw)
    for x, z in ((objective.x_train, objective.z_train),
                 (objective.x_test, objective.z_test)):
        np.testing.assert_allclose(x, z @ objective.D.T, rtol=0, atol=1e-13)
        assert ((z != 0) == (raw["z_train"] if len(z) == 10
                             else raw["z_test"]).astype(bool)).all()


def test_data_are_not_changed(objective, raw):
    copies = {name: array.copy() for name, array in raw.items()}
    objective.set_data(**raw)
    for name, array in raw.items():
        np.testing.assert_array_equal(array, copies[name])


@DATA
@pytest.mark.parametrize("reg", [0.05, 0.3, 1.0])
def test_reference_is_certified(suite, data, reg):
    """By the gap; and a reference solved anew has the same value."""
    objective = suite.make_objective(data, reg)
    assert objective.reference.gap <= 1e-12
    problem = objective.D, objective.x_test, reg
    solution = solve_lasso(*problem, tol=1e-12)
    metrics = objective.evaluate_result(z=solution.z)
    assert metrics["reference_gap"] == objective.reference.gap
    for name in ("suboptimality", "suboptimality_median",
                 "suboptimality_worst"):
        assert abs(metrics[name]) <= 1e-12 * 0.5 * (
            objective.x_test**2).sum(axis=1).max()
    assert metrics["duality_gap"] <= 1e-12
    assert metrics["value"] == pytest.approx(
        objective.optimum.mean(), rel=1e-12)


def test_metrics_are_their_definitions(suite):
    objective = suite.make_objective("codes")
    D, x, lmbd = objective.D, objective.x_test, objective.lmbd
    z = np.random.default_rng(0).standard_normal((len(x), D.shape[1]))
    z[:, :5] = 0
    metrics = objective.evaluate_result(z=z)
    value = [0.5 * sum((x_i - D @ z_i) ** 2) + lmbd * sum(abs(z_i))
             for x_i, z_i in zip(x, z, strict=True)]
    excess = np.array(value) - objective.optimum
    assert metrics["value"] == pytest.approx(np.mean(value), rel=1e-13)
    assert metrics["suboptimality"] == pytest.approx(excess.mean(), rel=1e-12)
    assert metrics["suboptimality_worst"] == pytest.approx(max(excess))
    assert metrics["suboptimality_median"] == pytest.approx(
        np.median(excess))
    assert metrics["support_size"] == D.shape[1] - 5
    error = np.linalg.norm(z - objective.z_test) ** 2
    assert metrics["nmse_db"] == pytest.approx(10 * np.log10(
        error / np.linalg.norm(objective.z_test) ** 2))
    # the gap bounds what it certifies, of the worst sample
    assert metrics["duality_gap"] >= (
        excess / (0.5 * (x**2).sum(axis=1))).max()


def test_nmse_where_the_codes_are_known(suite):
    known, unknown = (suite.make_objective(d) for d in ("codes", "white"))
    # the 1e-300 of the logarithm, and not -inf
    assert known.evaluate_result(z=known.z_test)["nmse_db"] == -3000
    assert known.evaluate_result(**known.get_one_result())["nmse_db"] == (
        pytest.approx(0, abs=1e-12))
    assert "nmse_db" not in unknown.evaluate_result(
        **unknown.get_one_result())


@pytest.mark.parametrize("data", ["white", "codes"])
def test_metrics_are_finite_numbers(suite, data, solver_class):
    objective = suite.make_objective(data)
    strategy = suite.make_solver(solver_class, objective)[0]._solver_strategy
    result = suite.run(solver_class, objective,
                       1e-3 if strategy == "tolerance" else 1)
    metrics = objective.evaluate_result(**result)
    assert all(isinstance(v, str) or math.isfinite(v)
               for v in metrics.values())


def test_distance_to_the_solution(suite):
    objective = suite.make_objective(reg=0.3)
    D, z = objective.D, objective.reference.z.copy()
    metrics = objective.evaluate_result(z=z)
    assert metrics["distance"] == 0
    assert metrics["identified"] == 1
    assert json.loads(metrics["listed_identified"]) == [True] * 10
    z[0] *= -1
    metrics = objective.evaluate_result(z=z)
    norm = np.linalg.norm(objective.reference.z)
    assert metrics["distance"] == pytest.approx(
        2 * np.linalg.norm(z[0]) / norm)
    assert metrics["identified"] == pytest.approx(1 - 1 / len(z))
    assert json.loads(metrics["listed_identified"])[:2] == [False, True]
    excess = json.loads(metrics["listed_suboptimality"])
    assert metrics["suboptimality_scaled"] == pytest.approx(
        2 * excess[0] / (np.linalg.norm(D, 2) ** 2 * (z[0] ** 2).sum()))
    gram = D[:, z[3] != 0].T @ D[:, z[3] != 0]
    eigenvalues = np.linalg.eigvalsh(gram)
    assert json.loads(metrics["listed_contraction"])[3] == pytest.approx(
        1 - eigenvalues[0] / eigenvalues[-1])


def test_rates_of_ista(suite):
    """The bound L ||z*||^2 / (2t) that `suboptimality_scaled` is made for."""
    objective = suite.make_objective(reg=0.1)
    for t in (1, 2, 10, 100):
        metrics = objective.evaluate_result(z=suite.ista(objective, t))
        assert 0 < metrics["suboptimality_scaled"] <= 1 / t


@pytest.mark.parametrize(("change", "message"), [
    (with_entry("x_train", (0, 0), np.nan),
     "x_train: x must be finite, got 1 NaN"),
    (with_entry("x_test", (2, 1), np.inf),
     "x_test: x must be finite, got 1 NaN"),
    (with_entry("D", (0, 0), np.nan), "D must be finite, got 1 NaN"),
    (with_entry("D", (slice(None), 4), 0), r"got zeros in columns \[4\]"),
    (with_entry("x_test", 3, 0),
     r"x_test: .* rows \[3\]: remove these samples"),
    (with_arrays(x_train=np.ones((10, 5))), "x_train: x must have 6 columns"),
    (with_arrays(x_test=np.ones(6)), r"x_test: x must be a 2-D .* \(6,\)"),
    (with_arrays(x_test=np.ones((0, 6)), z_test=None), "x_test must .* got 0"),
    (with_arrays(x_train=np.ones((0, 6)), z_train=None),
     "x_train must .* got 0"),
    (with_arrays(D=np.ones(6)), r"D must be a 2-D array, got shape \(6,\)"),
    (with_arrays(z_test=np.ones((5, 8))), r"z_test must .* \(5, 9\), got "
     r"\(5, 8\)"),
    (with_arrays(z_train=np.ones((5, 9))), r"z_train must .* \(10, 9\), got "
     r"\(5, 9\)"),
    (with_entry("z_test", (0, 0), np.nan), "z_test must be finite"),
    (with_entry("z_train", (0, 0), np.inf), "z_train must be finite"),
    (with_arrays(reg_train=0.5), r"shape \(n_train,\) = \(10,\), got \(\)"),
    (with_arrays(reg_train=np.full(10, 1.5)),
     r"reg_train must be in \(0, 1\]"),
    (with_arrays(reg_train=np.full(10, np.nan)), "got values from nan"),
    (with_arrays(D=None, unavailable="expected a file"), "expected a file"),
])
def test_bad_data_are_refused(objective, raw, change, message):
    assert objective.skip(**raw) == (False, None)
    skip, reason = objective.skip(**change(raw))
    assert skip is True
    assert re.search(message, reason)


def test_a_sample_orthogonal_to_every_atom(objective):
    data = {"D": np.eye(3, 2), "x_train": np.ones((2, 3)),
            "x_test": np.array([[1.0, 0, 0], [0, 0, 1]])}
    skip, reason = objective.skip(**data)
    assert skip
    assert "||D'x||_inf > 0, got 0" in reason
    assert "rows [1]" in reason


@pytest.mark.parametrize("reg", [0, -1, 1.5, math.nan, 0.0])
def test_bad_reg_is_refused(benchmark, raw, reg):
    objective = benchmark.get_benchmark_objective().get_instance(reg=reg)
    skip, reason = objective.skip(**raw)
    assert skip
    assert f"reg must be in (0, 1], got reg={reg}" in reason


def test_pickling(suite, objective, raw):
    """For a run in several processes."""
    other = pickle.loads(pickle.dumps(objective))
    assert str(other) == str(objective) == "Lasso[reg=0.3]"
    for instance in (objective, other):
        instance.set_data(**raw)
    z = np.ones_like(objective.z_test)
    assert other.evaluate_result(z=z) == objective.evaluate_result(z=z)


def test_a_sample_orthogonal_up_to_rounding(objective, raw):
    """A constant image against centred atoms: D'x is 1e-16, not 0."""
    D = raw["D"] - raw["D"].mean(axis=0)
    raw |= {"D": D, "x_test": np.full((2, len(D)), 1 / 3), "z_test": None}
    assert 0 < abs(raw["x_test"] @ D).max() < 1e-14
    skip, reason = objective.skip(**raw)
    assert skip
    assert "lmbd_max" in reason


def test_single_precision_data_become_double(objective, raw):
    objective.set_data(**{k: v.astype(np.float32) for k, v in raw.items()})
    problem = objective.get_objective()
    assert problem.pop("trained_on") == {}
    for array in problem.values():
        assert np.asarray(array).dtype == np.float64
