"""Metrics of fits and of games, the reference optimum, and bad data."""
import math

import numpy as np
import pytest
from benchopt import BaseDataset

from unrolling.bench.pictures import as_image


def made(suite, data, **changes):
    """The objective on a small data set that is changed."""
    content = suite.make_dataset(data, **suite.small[data]).get_data()

    class Changed(BaseDataset):
        name = "Changed"

        def get_data(self):
            return content | changes

    return suite.load(suite.make_dataset(Changed), n_steps=5, n_restarts=1)


def test_each_block_has_its_value(suite):
    objective = suite.make_objective("Toy-regression")
    task, rng = objective.task, np.random.default_rng(0)
    one, two = rng.standard_normal((2, len(task.start)))
    metrics = objective.evaluate_result(theta=one, theta_2=two)
    for key, theta in (("value", one), ("value_theta_2", two),
                       ("value_average", (one + two) / 2)):
        output = task.network(theta, task.X)[:, 0]
        assert metrics[key] == pytest.approx(
            ((output - task.y) ** 2).sum() + 0.5 * (theta**2).sum())
    assert metrics["value"] == pytest.approx(
        metrics["data_loss"] + metrics["penalty"])
    assert metrics["consensus_gap"] == pytest.approx(
        np.linalg.norm(one - two) / np.linalg.norm((one + two) / 2))


@pytest.mark.parametrize("data", ["Toy-regression", "Digits"])
def test_reference_is_a_local_minimum(suite, data):
    """No start of L-BFGS that the reference knows ends lower, and its
    gradient is small beside that of the start."""
    objective = suite.make_objective(data)
    reference = objective.reference
    metrics = objective.evaluate_result(**suite.run("L-BFGS", data, 10**4))
    assert metrics["excess"] >= -1e-5
    assert metrics["excess"] == pytest.approx(
        metrics["value"] / reference.value - 1)
    assert 0 <= reference.gradient < 1e-3
    assert reference.spread >= 0


def test_more_restarts_are_no_worse(suite):
    values = [suite.load(suite.make_dataset(
        "Toy-regression", **suite.small["Toy-regression"]), n_steps=1,
        n_restarts=n).reference.value for n in (1, 4)]
    assert values[1] <= values[0]


def test_test_error_of_classes_is_a_share(suite):
    objective = suite.make_objective("Digits")
    result = suite.run("L-BFGS", "Digits", 2000)
    task = objective.task
    guess = task.network(result["theta"], task.X_test).argmax(axis=1)
    assert objective.evaluate_result(**result)["test_error"] == (
        pytest.approx((guess != task.y_test).mean()))


@pytest.mark.parametrize("data", ["Toy-regression", "Ring"])
def test_not_finite_is_infinite(suite, data):
    objective = suite.make_objective(data)
    result = {key: np.full_like(theta, np.nan)
              for key, theta in objective.get_one_result().items()}
    metrics = objective.evaluate_result(**result)
    assert metrics["value"] == math.inf
    assert metrics["finite"] == 0


def test_sliced_distance(suite):
    """It is 0 for a cloud and itself in any order, and the mean |<v, d>| over
    directions d for its translate by v; on the plane 2/pi of ||v||."""
    rng = np.random.default_rng(0)
    y = rng.standard_normal((200, 2))
    distance = suite.clouds.SlicedWasserstein(y)
    assert distance(y[::-1]) == pytest.approx(0, abs=1e-14)
    v = np.array([3.0, -4.0])
    expected = abs(distance.directions @ v).mean()
    assert distance(y + v) == pytest.approx(expected)
    assert expected == pytest.approx(5 * 2 / np.pi, rel=0.15)


def test_fidelity_counts_modes(suite):
    centres = np.array([[0.0, 0], [10, 0], [0, 10]])
    x = np.repeat(centres, [500, 495, 5], axis=0) + 0.1
    x = np.vstack([x, np.full((1000, 2), 50.0)])
    modes, fraction = suite.clouds.fidelity(
        x, centres, np.array([0, 1, 1]), 1.0)
    assert modes == 2
    assert fraction == 0.5
    assert suite.clouds.fidelity(x, centres, np.arange(3), 1.0)[0] == 2
    assert suite.clouds.fidelity(x + 5, centres, np.arange(3), 1.0)[0] == 0


def test_real_samples_are_close(suite):
    """Within three deviations on the plane: a share 1 - exp(-9/2) = 0.989."""
    task = suite.load(suite.make_dataset("Ring"), n_steps=1).task
    modes, fraction = suite.clouds.fidelity(
        task.X_test, task.centres, task.labels, task.radius)
    assert modes == 8
    # four standard errors of a share of 2000 samples
    assert fraction == pytest.approx(0.989, abs=0.01)


@pytest.mark.parametrize("data", ["Ring", "Digits-GAN"])
def test_pictures(suite, data):
    """Shades of grey, and the truth is the data."""
    objective = suite.make_objective(data)
    metrics = objective.evaluate_result(**objective.get_one_result())
    for key in ("pictures", "truth"):
        shown = as_image(metrics[key])
        assert 0 <= shown.min() < shown.max() <= 1
    if data == "Digits-GAN":
        first = objective.task.X_test[0].reshape(8, 8)
        assert abs(shown[:8, :8] - first).max() <= 0.51 / 255


@pytest.mark.parametrize(("data", "change", "message"), [
    ("Toy-regression", {"kind": "no"}, "kind must be one of gan"),
    ("Toy-regression", {"X_train": np.zeros(40)}, "X_train must have shape"),
    ("Toy-regression", {"X_train": np.full((40, 4), np.nan)},
     "X_train must be finite"),
    ("Toy-regression", {"X_test": np.zeros((3, 5)), "y_test": np.zeros(3)},
     "as many features"),
    ("Toy-regression", {"y_train": np.zeros(3)}, "y_train must be finite, of"),
    ("Toy-regression", {"decay": -1.0}, "decay must be 0 or a positive"),
    ("Toy-regression", {"decay": "1"}, "decay must be 0 or a positive"),
    ("Toy-regression", {"seed": None}, "seed must be an integer >= 0"),
    ("Toy-regression", {"X_train": [[0.0] * 4]}, "X_train must be a numpy"),
    ("Toy-regression", {"kind": "classification", "y_train": np.array(
        ["a"] * 200)}, "y_train must be a numpy array .*: encode labels"),
    ("Toy-regression", {"n_hidden": 0}, "n_hidden must be an integer >= 1"),
    ("Toy-regression", {"kind": "classification"}, "encode the labels"),
    ("Ring", {"labels": np.zeros(3, int)}, "labels must be .*got shape .3,"),
    ("Ring", {"labels": np.zeros(8)}, "labels must be integers .*float64"),
    ("Ring", {"radius": 0.0}, "radius must be a positive number"),
    ("Ring", {"shape": (8, 8)}, "shape must be that of an image"),
    ("Digits-GAN", {"shape": None}, "None for points of the plane"),
    ("Digits-GAN", {"batch_size": 1.5}, "batch_size must be an integer >= 1")])
def test_bad_data_are_refused(suite, data, change, message):
    with pytest.raises(ValueError, match=message):
        made(suite, data, **change)


def test_a_budget_is_needed(suite):
    with pytest.raises(ValueError, match="n_steps must be an integer >= 1"):
        suite.load(suite.make_dataset("Ring"), n_steps=0)
