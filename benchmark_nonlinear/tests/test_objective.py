"""Metrics, bad data and bad results, data sets."""
import numpy as np
import pytest
from benchopt import BaseDataset


def made(suite, changes, **parameters):
    """The objective on the small deconvolution with some data changed."""
    data = suite.make_dataset(
        "Deconvolution", **suite.small["Deconvolution"]).get_data()

    class Changed(BaseDataset):
        name = "Changed"

        def get_data(self):
            return data | changes(data)

    return suite.load(suite.make_dataset(Changed), **parameters)


@pytest.mark.parametrize("data", ["Deconvolution", "EIT"])
def test_the_truth_has_no_error(suite, data):
    objective = suite.make_objective(data)
    metrics = objective.evaluate_result(objective.test.x)
    assert metrics["mse"] == metrics["value"] == 0
    assert metrics["relative_error"] == 0
    if data == "Deconvolution":  # no noise
        assert metrics["misfit"] == pytest.approx(0, abs=1e-12)
    else:
        assert metrics["ssim"] == pytest.approx(1)
        assert metrics["dynamic_range"] == pytest.approx(100)


def test_errors_by_hand(suite):
    objective = suite.make_objective()
    x = objective.test.x + 0.5
    metrics = objective.evaluate_result(x)
    assert metrics["mse"] == pytest.approx(0.25)
    # the truth's range is 2
    assert metrics["psnr_db"] == pytest.approx(10 * np.log10(4 / 0.25))


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
def test_what_diverged_has_the_largest_error(suite, value):
    objective = suite.make_objective()
    x = objective.test.x.copy()
    x[1] = value
    metrics = objective.evaluate_result(x)
    worst = suite.image_quality.DIVERGED / len(x)
    for name in ("mse", "relative_error", "misfit"):
        assert metrics[name] == pytest.approx(worst)
    assert np.isfinite(metrics["psnr_db"])


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
def test_what_diverged_on_a_mesh(suite, value):
    """It has no similarity, and no say in the dynamic range."""
    objective = suite.make_objective("EIT")
    x = objective.test.x.copy()
    x[1] = value
    metrics = objective.evaluate_result(x)
    assert metrics["ssim"] == pytest.approx(1 - 1 / len(x))
    assert metrics["dynamic_range"] == pytest.approx(100)
    assert np.isnan(objective.evaluate_result(np.full_like(x, value))[
        "dynamic_range"])


class Reversed:
    """An operator with a wrong sign."""

    def __init__(self, K, name):
        self.K, self.name = K, name

    def __getattr__(self, name):
        return getattr(self.K, name)

    def at(self, x):
        at = self.K.at(x)
        right = getattr(at, self.name)
        return at._replace(**{self.name: lambda v: -right(v)})


@pytest.mark.parametrize(("changes", "message"), [
    (lambda d: {"x_train": d["x_train"][:, 1:]}, "x_train must have shape"),
    (lambda d: {"y_test": d["y_test"][1:]}, "y_test must have shape"),
    (lambda d: {"y_val": np.nan * d["y_val"]}, "y_val must be finite"),
    (lambda d: {"x_val": d["x_val"][:0]}, "must have a sample each"),
    (lambda d: {"background": np.zeros(2)}, "background must have shape"),
    (lambda d: {"start": lambda y: y}, r"start\(y\) must have shape"),
    (lambda d: {"start": lambda y: np.full((len(y), 53), np.nan)},
     r"start\(y\) must be finite"),
    (lambda d: {"K": Reversed(d["K"], "pull")}, r"K.at\(x\).pull must be"),
    (lambda d: {"K": Reversed(d["K"], "push")}, r"K.at\(x\).push must be"),
])
def test_bad_data_are_refused(suite, changes, message):
    with pytest.raises(ValueError, match=message):
        made(suite, changes)


@pytest.mark.parametrize("name", ["max_iter", "max_time"])
def test_bad_budgets_are_refused(suite, name):
    with pytest.raises(ValueError, match=f"{name} must be .*, got {name}=0"):
        made(suite, lambda d: {}, **{name: 0})


def test_initial_guesses_of_test_samples_are_left_to_the_methods(suite):
    """The data set's rule makes those that train and choose, and two to check
    it."""
    seen = []

    def start(y):
        seen.append(len(y))
        return np.zeros((len(y), 53))

    objective = made(suite, lambda data: {"start": start})
    sizes = suite.small["Deconvolution"]
    checked, *rest = seen
    assert rest == [sizes["n_train"], sizes["n_val"]]
    assert checked == 2
    assert objective.get_objective()["start"] is start


def test_data_are_those_of_the_operator(suite):
    data = suite.make_objective(a=2.0)
    np.testing.assert_allclose(data.K.forward(data.test.x), data.test.y)
    crime = suite.make_objective("EIT", inverse_crime=True, noise=0.0)
    np.testing.assert_allclose(
        crime.K.forward(crime.test.x), crime.test.y, rtol=1e-12)


def test_another_mesh_gives_similar_data(suite):
    """Not the same, which would be the inverse crime."""
    objective = suite.make_objective("EIT", noise=0.0)
    y, own = objective.test.y, objective.K.forward(objective.test.x)
    error = np.linalg.norm(y - own) / np.linalg.norm(y)
    assert 1e-3 < error < 0.3


def test_noise_has_its_size(suite):
    dataset = suite.make_dataset(
        "Deconvolution", noise=0.02, n_train=400, n_val=1, n_test=1)
    data = dataset.get_data()
    exact = data["K"].forward(data["x_train"])
    ratio = (data["y_train"] - exact) / abs(exact).max(axis=1)[:, None]
    # 4800 normal numbers: their deviation is known to 1 %
    assert ratio.std() == pytest.approx(0.02, rel=0.05)


@pytest.mark.parametrize("data", ["Deconvolution", "EIT"])
def test_seeds_draw_other_samples_and_are_repeatable(suite, data):
    one, same, other = (suite.make_dataset(
        data, seed=seed, **suite.small[data]).get_data()["x_test"]
        for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)


def test_signals_are_the_same_for_every_strength(suite):
    xs = [suite.make_objective(a=a).test.x for a in (0, 2.0)]
    np.testing.assert_array_equal(*xs)


def test_the_linear_anchors_are_linear(suite, rng):
    for objective in (suite.make_objective(a=0),
                      suite.make_objective("EIT", linearised=True)):
        K, b = objective.K, objective.background
        u, v = rng.standard_normal((2, 1, K.n_x))
        np.testing.assert_allclose(
            K.forward(b + u) + K.forward(b + v) - K.forward(b[None]),
            K.forward(b + u + v), atol=1e-10)


def test_more_steps_give_a_better_start(suite):
    errors = []
    for n_steps in (0, 1, 8):
        objective = suite.make_objective(
            "EIT", start_steps=n_steps, inverse_crime=True, noise=0.0)
        start = objective.start(objective.test.y)
        errors.append(((start - objective.test.x) ** 2).mean())
    assert errors[2] < errors[1] < errors[0]


@pytest.mark.parametrize(("data", "changes"), [
    ("Deconvolution", {"a": -1.0}), ("Deconvolution", {"n_x": 8}),
    ("Deconvolution", {"noise": -0.1}), ("EIT", {"noise": np.nan}),
    ("EIT", {"n_test": 0}), ("EIT", {"contact": 0.0}),
    ("EIT", {"start_steps": -1}), ("EIT", {"start_steps": 2.5}),
    ("EIT", {"rings": 8.0}), ("EIT", {"n_inclusions": 2.0}),
    ("Deconvolution", {"n_x": 53.0}),
    *((data, {f"n_{split}": 2.5}) for data in ("Deconvolution", "EIT")
      for split in ("train", "val", "test"))])
def test_bad_parameters_are_refused(suite, data, changes):
    dataset = suite.make_dataset(data, **suite.small[data] | changes)
    [name] = changes
    assert f"{name} must be" in dataset.get_data()["unavailable"]


@pytest.mark.parametrize(("changes", "message"), [
    ({"rings": 6}, "rings must be a multiple of 4"),
    ({"data_rings": 0}, "data_rings must be a multiple of 4"),
    ({"n_inclusions": 7}, "n_inclusions must be one of"),
])
def test_bad_meshes_are_refused(suite, changes, message):
    dataset = suite.make_dataset("EIT", **suite.small["EIT"] | changes)
    assert message in dataset.get_data()["unavailable"]


def test_pictures_show_the_disc(suite):
    mesh = suite.disc.disc_mesh(4)
    values = np.stack([np.ones(128), mesh.centres[:, 0]])
    text = suite.shown.values_as_text(values)
    np.testing.assert_allclose(
        suite.shown.as_rows(text, 128), values, atol=1e-6)
    n = suite.shown.N_PIXELS
    image = suite.shown.picture(values, mesh.centres, -1, 1)
    assert image.shape == (n, 2 * n)
    assert (image == 1)[:, :n].all()
    row = image[n // 2, n:]
    assert row[n // 10] < row[n // 2] < row[-n // 10]
