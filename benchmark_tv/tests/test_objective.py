"""The objective: scaling, certified reference, metrics."""
import math
import pickle

import numpy as np
import pytest

from unrolling.tv import solve_tv, tv_duality_gap, tv_lmbd_max

DATA = pytest.mark.parametrize("data", ["wide", "tall", "identity", "blur"])
FIT = pytest.mark.parametrize("data_fit", ["quad", "huber"])


def huber(r, delta):
    """By its definition."""
    small = abs(r) <= delta
    return np.where(small, r**2 / 2, delta * abs(r) - delta**2 / 2)


@DATA
@FIT
def test_scaling(suite, data, data_fit):
    """lmbd_max is 1 for each sample: a constant is a solution at 1, and not
    below."""
    objective = suite.make_objective(data, data_fit=data_fit)
    A, x, _, delta = objective.problem
    np.testing.assert_allclose(tv_lmbd_max(A, x, delta), 1, rtol=1e-9)
    assert objective.lmbd == objective.reg
    u = suite.start(objective)
    assert tv_duality_gap(u, A, x, 1 + 1e-9, delta).max() <= 1e-9
    assert tv_duality_gap(u, A, x, 0.999, delta).min() > 0
    if data_fit == "quad":
        assert delta is None
        np.testing.assert_allclose(
            tv_lmbd_max(A, objective.x_train), 1, rtol=1e-9)


def test_delta_is_the_share_that_it_says(benchmark, raw):
    """In the unit of the unscaled x, and in that of the scaled one."""
    A, x = raw["A"], raw["x_test"]
    objective = benchmark.get_benchmark_objective().get_instance(
        reg=0.3, data_fit="huber", delta=0.25)
    objective.set_data(**raw)
    image = A.sum(axis=1)
    c = x @ image / (image @ image)
    delta = 0.25 * abs(x - c[:, None] * image).max(axis=1)
    scale = objective.x_test[:, 0] / x[:, 0]
    np.testing.assert_allclose(objective.delta_test, scale * delta, rtol=1e-12)


def test_signals_are_scaled_with_the_samples(objective, raw):
    objective.set_data(**raw)
    for x, u, part in ((objective.x_train, objective.u_train, "train"),
                       (objective.x_test, objective.u_test, "test")):
        noise = raw[f"x_{part}"] - raw[f"u_{part}"] @ raw["A"].T
        factor = x / raw[f"x_{part}"]
        np.testing.assert_allclose(
            x - u @ raw["A"].T, factor * noise, rtol=0, atol=1e-12)


def test_data_are_not_changed(objective, raw):
    copies = {name: array.copy() for name, array in raw.items()}
    objective.set_data(**raw)
    for name, array in raw.items():
        np.testing.assert_array_equal(array, copies[name])


@DATA
@FIT
@pytest.mark.parametrize("reg", [0.05, 0.3, 1.0])
def test_reference_is_certified(suite, data, data_fit, reg):
    """By the gap; and a reference solved anew has the same value."""
    objective = suite.make_objective(data, reg, data_fit=data_fit)
    assert objective.reference.gap <= 1e-12
    A, x, lmbd, delta = objective.problem
    u = solve_tv(A, x, lmbd, 1e-12, delta=delta).u
    metrics = objective.evaluate_result(u=u)
    assert metrics["reference_gap"] == objective.reference.gap
    size = (x**2).sum(axis=1).max()
    for name in ("suboptimality", "suboptimality_median",
                 "suboptimality_worst"):
        assert abs(metrics[name]) <= 1e-12 * size
    assert metrics["duality_gap"] <= 1e-12
    assert metrics["value"] == pytest.approx(
        objective.reference.cost.mean(), rel=1e-12)


@FIT
def test_metrics_are_their_definitions(suite, data_fit):
    objective = suite.make_objective("tall", data_fit=data_fit)
    A, x, lmbd, delta = objective.problem
    u = np.random.default_rng(0).standard_normal((len(x), A.shape[1]))
    u[:, 2:5] = u[:, 1:2]
    metrics = objective.evaluate_result(u=u)
    bound = np.full(len(x), 1e6) if delta is None else delta
    value = [sum(huber(x_i - A @ u_i, d)) + lmbd * sum(abs(np.diff(u_i)))
             for x_i, u_i, d in zip(x, u, bound, strict=True)]
    excess = np.array(value) - objective.reference.cost
    assert metrics["value"] == pytest.approx(np.mean(value), rel=1e-13)
    assert metrics["suboptimality"] == pytest.approx(excess.mean(), rel=1e-12)
    assert metrics["suboptimality_worst"] == pytest.approx(max(excess))
    assert metrics["suboptimality_median"] == pytest.approx(
        np.median(excess))
    assert metrics["n_segments"] == A.shape[1] - 3
    error = np.linalg.norm(u - objective.u_test) ** 2
    assert metrics["nmse_db"] == pytest.approx(10 * np.log10(
        error / np.linalg.norm(objective.u_test) ** 2))


def test_a_signal_that_diverged(suite):
    """Its cost is no number, and neither is the mean."""
    objective = suite.make_objective("wide")
    u = np.zeros((len(objective.x_test), objective.A.shape[1]))
    expected = objective.evaluate_result(u=u)
    u[1, 2] = np.inf
    metrics = objective.evaluate_result(u=u)
    for name in ("value", "suboptimality", "duality_gap"):
        assert np.isfinite(expected[name])
        assert np.isnan(metrics[name])


def test_segments_up_to_rounding(suite):
    """A jump of 1e-9 of the largest value, or below, is none."""
    count = suite.objective_file.n_segments
    u = np.array([[2.0, 2, 1, 1], [0, 0, 0, 0], [1, 1 + 1e-12, 1, 1 + 1e-6]])
    assert count(u).tolist() == [2, 1, 2]


def test_nmse_where_the_signals_are_known(suite, objective, raw):
    known = suite.make_objective("wide")
    # the 1e-300 of the logarithm, and not -inf
    assert known.evaluate_result(u=known.u_test)["nmse_db"] == -3000
    assert known.evaluate_result(**known.get_one_result())["nmse_db"] == (
        pytest.approx(0, abs=1e-12))
    objective.set_data(**raw | {"u_test": None, "u_train": None})
    assert "nmse_db" not in objective.evaluate_result(
        **objective.get_one_result())


def test_metrics_are_finite_numbers(suite, solver_class):
    objective = suite.make_objective("identity")
    solver, reason = suite.make_solver(solver_class, objective)
    if reason is not None:
        pytest.skip(reason)
    result = suite.run(solver_class, objective,
                       1e-3 if solver._solver_strategy == "tolerance" else 1)
    metrics = objective.evaluate_result(**result)
    assert all(isinstance(v, str) or math.isfinite(v)
               for v in metrics.values())


def test_the_pseudo_inverse_is_no_start(suite):
    """On haemodynamic deconvolution it costs thousands of times what zero
    does; the best constant costs less than zero."""
    dataset = suite.make_dataset("fMRILike", n_train=2, n_test=20)
    objective = type(suite.make_objective()).get_instance(reg=0.1)
    assert objective._set_dataset(dataset) == (False, None)
    A, x, _, _ = objective.problem
    constant = suite.start(objective)
    inverse, zero, constant = (
        objective.evaluate_result(u=u)["value"] for u in (
            x @ np.linalg.pinv(A).T, np.zeros_like(constant), constant))
    assert inverse > 1000 * zero
    assert constant < zero


def test_pickling(suite, objective, raw):
    """For a run in several processes."""
    other = pickle.loads(pickle.dumps(objective))
    assert str(other) == str(objective)
    for instance in (objective, other):
        instance.set_data(**raw)
    u = np.ones_like(objective.u_test)
    assert other.evaluate_result(u=u) == objective.evaluate_result(u=u)


def test_single_precision_data_become_double(objective, raw):
    objective.set_data(**{k: v.astype(np.float32) for k, v in raw.items()})
    for value in objective.get_objective().values():
        assert value is None or isinstance(value, int) or (
            np.asarray(value).dtype == np.float64)
