"""The objective: certificates, metrics, refusals; the data sets."""
import math

import numpy as np
import pytest

PROBLEMS = pytest.mark.parametrize(("blurred", "tv"), [
    (False, "isotropic"), (False, "anisotropic"), (True, "isotropic"),
    (True, "anisotropic")])


@PROBLEMS
@pytest.mark.parametrize("shape", [(1, 6), (6, 1), (5, 7)])
def test_reference_is_certified(suite, shape, blurred, tv):
    objective = suite.make_objective(shape, blurred, tv)
    metrics = objective.evaluate_result(u=objective.reference.u)
    assert metrics["suboptimality"] == 0
    assert -1e-13 <= metrics["reference_gap"] <= 1e-9
    assert metrics["duality_gap"] == metrics["reference_gap"]


@PROBLEMS
def test_the_bound_holds_for_any_point(suite, blurred, tv):
    """Duals of arbitrary u and p are below the minimum."""
    objective = suite.make_objective(blurred=blurred, tv=tv)
    A, x, lmbd, isotropic = objective.problem
    rng = np.random.default_rng(0)
    for size in (0, 0.1, 10):
        u = objective.reference.u + size * rng.standard_normal(x.shape)
        p = size * rng.standard_normal((len(x), 2, *x.shape[1:]))
        bound = suite.tv2d_reference.dual_value(u, p, A, x, lmbd, isotropic)
        assert (bound <= objective.reference.cost * (1 + 1e-12)).all()


def test_a_constant_is_the_solution_for_a_large_penalty(suite):
    objective = suite.make_objective(blurred=True, lmbd=100.0)
    constant = suite.tv2d_reference.best_constant(*objective.problem[:2])
    metrics = objective.evaluate_result(u=constant)
    assert metrics["duality_gap"] <= 1e-9


@pytest.mark.parametrize("tv", ["isotropic", "anisotropic"])
def test_metrics_are_their_definitions(suite, tv):
    objective = suite.make_objective(blurred=True, tv=tv)
    A, x, lmbd, _ = objective.problem
    u = np.random.default_rng(0).random(x.shape)
    metrics = objective.evaluate_result(u=u)
    value = 0
    for image, residual in zip(u, x - A(u), strict=True):
        down, right = np.zeros((2, *image.shape))
        down[:-1], right[:, :-1] = np.diff(image, axis=0), np.diff(image)
        size = (np.hypot(down, right) if tv == "isotropic"
                else abs(down) + abs(right))
        value += (residual**2).sum() / 2 + lmbd * size.sum()
    assert metrics["value"] == pytest.approx(value / len(x), rel=1e-12)
    assert metrics["suboptimality"] == pytest.approx(
        value / len(x) - objective.reference.cost.mean(), rel=1e-9)
    error = ((u - objective.u_test) ** 2).mean(axis=(1, 2))
    assert metrics["psnr_db"] == pytest.approx(
        (10 * np.log10(1 / error)).mean())


def replace(**arrays):
    return lambda data: data.update(arrays)


def spoil(name, index, value):
    """A change of entries of the data."""
    def change(data):
        data[name] = data[name].copy()
        data[name][index] = value
    return change


@pytest.mark.parametrize(("change", "message"), [
    (spoil("x_train", (0, 0, 0), np.nan), "x_train must be finite, got 1"),
    (spoil("x_test", (1, 0, 0), np.inf), "x_test must be finite, got 1"),
    (spoil("x_test", 1, 0.5), "constant ones at [1]"),
    (spoil("u_test", (0, 0, 0), np.nan), "u_test must be finite"),
    (replace(x_test=np.ones((5, 7))), "x_test must have shape"),
    (replace(x_test=np.ones((0, 5, 7))), "got (0, 5, 7)"),
    (replace(x_train=np.eye(4)[None], u_train=None), "images of one size"),
    (replace(u_test=np.ones((4, 5, 6))), "got (4, 5, 6)"),
    (replace(kernel=np.ones((2, 3))), "odd sizes, got shape (2, 3)"),
    (replace(kernel=np.ones(3)), "odd sizes, got shape (3,)"),
    (replace(kernel=np.eye(3)), "symmetric along both axes"),
    (replace(kernel=np.full((3, 3), np.nan)), "kernel must be finite"),
    (replace(kernel=np.array([[1.0, -2, 1]])), "must not sum to zero"),
    (replace(x_test=None), "x_test must have shape"),
    (replace(kernel=None, unavailable="expected a file"), "expected a file"),
])
def test_bad_data_are_refused(benchmark, suite, change, message):
    data = suite.raw_data()
    change(data)
    objective = benchmark.get_benchmark_objective().get_instance()
    skip, reason = objective.skip(**data)
    assert skip
    assert message in reason


@pytest.mark.parametrize("parameters", [
    {"lmbd": 0}, {"lmbd": -1}, {"lmbd": math.nan}, {"tv": "l2"}])
def test_bad_parameters_are_refused(benchmark, suite, parameters):
    objective = benchmark.get_benchmark_objective().get_instance(**parameters)
    skip, reason = objective.skip(**suite.raw_data())
    assert skip
    assert str(next(iter(parameters.values()))) in reason


def test_result_of_a_wrong_shape(suite):
    with pytest.raises(ValueError, match=r"\(4, 5, 7\), got \(1, 5, 7\)"):
        suite.make_objective().evaluate_result(u=np.zeros((1, 5, 7)))


def test_data_sets(suite, dataset_class):
    """Parts of one size, with truths of 0 to 1, the same for one seed."""
    first, second = (
        suite.make_dataset(dataset_class, **dataset_class.test_config)
        .get_data() for _ in range(2))
    if "unavailable" in first:
        pytest.skip(first["unavailable"])
    for part in ("train", "test"):
        x, u = first[f"x_{part}"], first[f"u_{part}"]
        assert x.shape == u.shape
        assert u.min() >= 0
        assert u.max() <= 1
        np.testing.assert_array_equal(x, second[f"x_{part}"])


@pytest.mark.parametrize("library", ["scikit-learn", "scikit-image"])
def test_photographs(suite, library):
    """Squares are what the pictures show: none is both in training and in
    the test set, and neighbouring pixels are alike, as those of noise are
    not."""
    data = suite.make_dataset(
        "Photographs", library=library, size=32, blur=0.0, noise=0.0,
        n_train=20, n_test=20).get_data()
    if "unavailable" in data:
        assert "pip install scikit-image" in data["unavailable"]
        pytest.skip(data["unavailable"])
    images = np.concatenate([data["u_train"], data["u_test"]])
    assert images.shape == (40, 32, 32)
    assert len(np.unique(images.reshape(40, -1), axis=0)) == 40
    for axis in (1, 2):
        steps = np.diff(images, axis=axis).std()
        assert steps < 0.5 * images.std()


@pytest.mark.parametrize(("parameters", "message"), [
    ({"blur": -1.0, "noise": 0.1}, "blur=-1.0"),
    ({"blur": 0.0, "noise": math.nan}, "noise=nan"),
    ({"n_train": 0}, "got n_train=0")])
def test_bad_data_sets_are_refused(suite, parameters, message):
    data = suite.make_dataset("Simulated", **parameters).get_data()
    assert message in data["unavailable"]
    data = suite.make_dataset("Photographs", size=1).get_data()
    assert "size must be 2 to 300" in data["unavailable"]
    data = suite.make_dataset("Photographs", library="PIL").get_data()
    assert "got library=PIL" in data["unavailable"]
    data = suite.make_dataset("Photographs", n_test=1000).get_data()
    assert "use a smaller size" in data["unavailable"]
