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


def drawn(network, theta):
    """The normal variables of which a start is made."""
    return np.concatenate([
        (W * np.sqrt(len(W))).ravel() for W, _ in network.layers(theta)])


def test_the_start_is_no_copy_of_the_data(suite):
    """Nor are the latents of a game: of no data, no normal variable is used
    twice."""
    fit, game = (suite.load(suite.make_dataset(data), n_steps=1).task
                 for data in ("Toy-regression", "Ring"))
    assert not close(drawn(fit.network, fit.start), fit.X).any()
    index, _ = suite.clouds.nearest(game.X_test, game.centres)
    noise = (game.X_test - game.centres[index]) / (game.radius / 3)
    for normals in (drawn(game.G, game.start[0]),
                    drawn(game.D, game.start[1]), game.z_test):
        assert not close(normals, noise).any()


def close(a, b):
    """Whether entries of a are equal to one of b, up to rounding."""
    b = np.sort(b.ravel())
    after = np.searchsorted(b, a.ravel()).clip(1, len(b) - 1)
    return np.minimum(abs(b[after] - a.ravel()),
                      abs(b[after - 1] - a.ravel())) < 1e-13


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
    ("Toy-regression", "n_train", 2.5), ("Toy-regression", "noise", -1.0)])
def test_bad_parameters_are_refused(suite, data, name, value):
    with pytest.raises(ValueError, match=f"{name} must be .*, got {name}="):
        suite.load(suite.make_dataset(
            data, **suite.small[data] | {name: value}))
