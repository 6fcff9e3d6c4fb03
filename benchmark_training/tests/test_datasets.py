"""The data sets: what they give, held out, by seed."""
import numpy as np
import pytest


def get_data(suite, dataset_class, seed=0):
    return suite.make_dataset(
        dataset_class, seed, **suite.small[dataset_class.name]).get_data()


def test_test_samples_are_held_out(suite, dataset_class):
    data = get_data(suite, dataset_class)
    train = {row.tobytes() for row in data["X_train"]}
    assert len(data["X_test"])
    assert not train & {row.tobytes() for row in data["X_test"]}


def test_seeds_draw_the_data(suite, dataset_class):
    one, again, other = (
        get_data(suite, dataset_class, seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one["X_train"], again["X_train"])
    assert not np.array_equal(one["X_train"], other["X_train"])


def test_toy_regression_is_its_formula(suite):
    data = suite.make_dataset("Toy-regression", noise=0.0).get_data()
    x_1, x_2, x_3, x_4 = data["X_train"].T
    np.testing.assert_allclose(
        data["y_train"], np.sin(2 * x_1) + x_2 * x_3 + x_4 / 2, rtol=1e-12)


def test_close_digits(suite):
    """All but 5 % of the held-out digits, by definition."""
    data = suite.make_dataset("Digits-GAN").get_data()
    _, distance = suite.clouds.nearest(data["X_test"], data["centres"])
    assert (distance <= data["radius"]).mean() == pytest.approx(
        0.95, abs=1 / len(distance))


def test_nearest_centre(suite):
    """Against all distances."""
    rng = np.random.default_rng(0)
    x, centres = rng.standard_normal((20, 3)), rng.standard_normal((7, 3))
    every = np.linalg.norm(x[:, None] - centres, axis=2)
    index, distance = suite.clouds.nearest(x, centres)
    np.testing.assert_array_equal(index, every.argmin(axis=1))
    np.testing.assert_allclose(distance, every.min(axis=1))


@pytest.mark.parametrize(("data", "name", "value"), [
    ("Digits", "n_test", 2000), ("Digits", "n_test", 0),
    ("Digits-GAN", "n_test", 1797), ("Digits-GAN", "n_test", 0),
    ("Ring", "n_modes", 0), ("Ring", "deviation", 0), ("Ring", "n_test", 0),
    ("Toy-regression", "n_train", 2.5)])
def test_bad_parameters_are_refused(suite, data, name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*, got {name}="):
        suite.load(suite.make_dataset(
            data, **suite.small[data] | {name: value}))
