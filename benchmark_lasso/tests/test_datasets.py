"""The data sets: reproducible, as documented, refused with a reason."""
import numpy as np
import pytest
from sklearn.datasets import load_digits

from unrolling.data.images import normalise

SMALL = {
    "Simulated": {"n_dim": 5, "n_atoms": 8, "n_train": 7, "n_test": 6},
    "Digits": {"n_atoms": 40, "n_train": 50},
    "MNIST": {"n_atoms": 40, "n_train": 50, "n_test": 20},
    "MEGLike": {"n_sensors": 20, "n_sources": 60, "n_train": 84, "n_test": 50},
    "fMRILike": {"n_scans": 60, "n_train": 30, "n_test": 20},
    "DictionaryLearning": {"patch_size": 4, "n_atoms": 20, "n_train": 50,
                           "n_test": 20},
}


@pytest.mark.parametrize("name", SMALL)
def test_accepted_by_the_objective(suite, mnist, name):
    data = suite.make_dataset(name, **SMALL[name]).get_data()
    assert {v.dtype for v in data.values()} == {np.dtype(float)}
    objective = type(suite.make_objective()).get_instance(reg=0.5)
    assert objective.skip(**data) == (False, None)


@pytest.mark.parametrize("signals", ["white", "codes"])
def test_simulated(suite, signals):
    data = suite.make_dataset(
        "Simulated", **SMALL["Simulated"], signals=signals).get_data()
    assert data["D"].shape == (5, 8)
    np.testing.assert_allclose(np.linalg.norm(data["D"], axis=0), 1)
    assert data["x_train"].shape == (7, 5)
    assert data["x_test"].shape == (6, 5)
    assert ("z_test" in data) == (signals == "codes")
    if signals == "codes":
        for part in ("train", "test"):
            np.testing.assert_allclose(
                data[f"x_{part}"], data[f"z_{part}"] @ data["D"].T,
                rtol=0, atol=1e-13)


def test_simulated_is_normal(suite):
    """White signals: mean 0 and variance 1, within 5 standard errors."""
    x = suite.make_dataset("Simulated", n_dim=5, n_atoms=8, n_train=20_000,
                           n_test=1).get_data()["x_train"]
    assert (abs(x.mean(axis=0)) <= 5 / np.sqrt(20_000)).all()
    assert (abs(x.var(axis=0) - 1) <= 5 * np.sqrt(2 / 20_000)).all()


def test_unknown_signals_are_refused(suite):
    suite.check_refused(
        suite.make_dataset("Simulated", signals="typo"),
        "signals must be white, codes or sparse, got signals=typo")


def test_noise_without_codes_is_refused(suite):
    suite.check_refused(
        suite.make_dataset("Simulated", noise=0.1),
        "0 for white signals, which have no codes, got noise=0.1")


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_sparse_codes_are_bernoulli_gaussian(suite, noise):
    """One entry in twenty, within 5 standard errors, and one at least."""
    data = suite.make_dataset(
        "Simulated", n_dim=30, n_atoms=100, signals="sparse", noise=noise,
        n_train=1000, n_test=1).get_data()
    z = data["z_train"]
    size = (z != 0).sum(axis=1)
    assert size.min() >= 1
    share = 0.05 + 0.95**100 / 100  # rows that would be empty get one
    assert abs((z != 0).mean() - share) < 5 * np.sqrt(0.05 / z.size)
    error = data["x_train"] - z @ data["D"].T
    relative = np.linalg.norm(error) / np.linalg.norm(z @ data["D"].T)
    assert relative == pytest.approx(noise, rel=0.05, abs=1e-12)


def test_digits_are_disjoint_images(suite):
    data = suite.make_dataset("Digits", **SMALL["Digits"]).get_data()
    D, x_train, x_test = data["D"].T, data["x_train"], data["x_test"]
    assert [len(D), len(x_train), len(x_test)] == [40, 50, 1797 - 90]
    drawn = np.concatenate([D, x_train, x_test])
    np.testing.assert_allclose(drawn.mean(axis=1), 0, atol=1e-15)
    np.testing.assert_allclose(np.linalg.norm(drawn, axis=1), 1, rtol=1e-14)
    images = normalise(load_digits().data)
    assert sorted(map(bytes, drawn)) == sorted(map(bytes, images))
    assert len(set(map(bytes, drawn))) == 1797


@pytest.mark.parametrize("name", ["Digits", "MNIST"])
def test_too_many_atoms_are_refused(suite, mnist, name):
    dataset = suite.make_dataset(name, n_atoms=70_000)
    suite.check_refused(
        dataset, "n_atoms + n_train + n_test must be at most")
    suite.check_refused(dataset, "got 70000 + 1000 + ")
