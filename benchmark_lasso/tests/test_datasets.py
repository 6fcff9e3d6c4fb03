"""The data sets: reproducible, as documented, refused with a reason."""
import gzip
import hashlib

import numpy as np
import pooch
import pytest
from benchopt.config import get_data_path
from sklearn.datasets import load_digits

from unrolling.data import MissingFile
from unrolling.data import mnist as files
from unrolling.data.images import normalise
from unrolling.data.mnist import load_mnist_images

SMALL = {
    "Simulated": {"n_dim": 5, "n_atoms": 8, "n_train": 7, "n_test": 6},
    "Digits": {"n_atoms": 40, "n_train": 50},
    "MNIST": {"n_atoms": 40, "n_train": 50, "n_test": 20},
    "MEGLike": {"n_sensors": 20, "n_sources": 60, "n_train": 84, "n_test": 50},
    "fMRILike": {"n_scans": 60, "n_train": 30, "n_test": 20},
    "DictionaryLearning": {"patch_size": 4, "n_atoms": 20, "n_train": 50,
                           "n_test": 20},
}
TRAIN, TEST = "train-images-idx3-ubyte", "t10k-images-idx3-ubyte"


def idx_file(images):
    """The bytes of an IDX file of images (n_images, 28, 28), uint8."""
    header = np.array([0x803, *images.shape], dtype=">u4")
    return header.tobytes() + images.tobytes()


@pytest.fixture
def mnist(tmp_path, monkeypatch):
    """A small counterfeit in $BENCHOPT_DATA_HOME/mnist: its images."""
    def no_network(*_, **__):
        raise OSError("no network")

    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (150, 28, 28), dtype=np.uint8)
    folder, hashes = tmp_path / "mnist", {}
    folder.mkdir()
    for name, part in ((TRAIN, images[:100]), (TEST, images[100:])):
        content = idx_file(part)
        (folder / name).write_bytes(content)
        hashes[name] = hashlib.sha256(content).hexdigest()
    monkeypatch.setattr(files, "SHA256", hashes)
    monkeypatch.setattr(pooch, "retrieve", no_network)
    monkeypatch.setenv("BENCHOPT_DATA_HOME", str(tmp_path))
    return folder, images


def check_refused(suite, dataset, message):
    """The objective skips the data, with that reason."""
    objective = type(suite.make_objective()).get_instance(reg=0.5)
    skip, reason = objective._set_dataset(dataset)
    assert skip
    assert message in reason


@pytest.mark.parametrize("name", SMALL)
def test_same_seed_same_bytes(suite, mnist, name):
    first, again, other = (
        suite.make_dataset(name, seed, **SMALL[name]).get_data()
        for seed in (3, 3, 4))
    assert first.keys() == again.keys()
    for key in first:
        assert first[key].tobytes() == again[key].tobytes()
    assert (first["x_train"] != other["x_train"]).any()


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
    check_refused(suite, suite.make_dataset("Simulated", signals="typo"),
                  "signals must be white, codes or sparse, got signals=typo")


def test_noise_without_codes_is_refused(suite):
    check_refused(suite, suite.make_dataset("Simulated", noise=0.1),
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
    check_refused(suite, dataset, "n_atoms + n_train + n_test must be at "
                  "most")
    check_refused(suite, dataset, "got 70000 + 1000 + ")


def test_constant_images_are_left_out():
    images = np.array([[3, 3, 3, 3], [1, 2, 3, 4], [0, 0, 0, 0]])
    expected = np.array([[-3, -1, 1, 3]]) / np.sqrt(20)
    np.testing.assert_allclose(normalise(images), expected)


@pytest.mark.parametrize("size", [2, 7, 8, 28])
def test_mnist(suite, mnist, size):
    """Disjoint averages of the images, centred, of unit norm."""
    _, images = mnist
    data = suite.make_dataset("MNIST", size=size, **SMALL["MNIST"]).get_data()
    assert data["D"].shape == (size**2, 40)
    drawn = np.concatenate([data["D"].T, data["x_train"], data["x_test"]])
    assert drawn.shape == (110, size**2)
    np.testing.assert_allclose(drawn.mean(axis=1), 0, atol=1e-14)
    np.testing.assert_allclose(np.linalg.norm(drawn, axis=1), 1)
    if 28 % size == 0:
        k = 28 // size
        means = images.reshape(150, size, k, size, k).mean(axis=(2, 4))
        distance = abs(drawn[:, None] - normalise(means.reshape(150, -1)))
        nearest = distance.max(axis=2)
        assert nearest.min(axis=1).max() <= 1e-12
        assert len(set(nearest.argmin(axis=1))) == 110


@pytest.mark.parametrize("size", [0, 1, 29])
def test_mnist_size_is_refused(suite, mnist, size):
    check_refused(suite, suite.make_dataset("MNIST", size=size),
                  f"size must be 2 to 28, got size={size}")


@pytest.mark.parametrize("zipped", [(), (TRAIN,), (TRAIN, TEST)])
def test_files_plain_or_zipped(mnist, zipped):
    folder, images = mnist
    for name in zipped:
        content = (folder / name).read_bytes()
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))
        (folder / name).unlink()
    np.testing.assert_array_equal(load_mnist_images(folder), images)


def damage(folder, kind):
    content = (folder / TEST).read_bytes()
    (folder / TEST).unlink(missing_ok=True)
    name, new, message = {
        "other": (TEST, content[:-1] + b"?", "expected SHA-256"),
        "empty": (TEST, b"", "expected SHA-256"),
        "truncated": (f"{TEST}.gz", gzip.compress(content)[:-9],
                      "expected a readable"),
        "garbage": (f"{TEST}.gz", b"garbage", "expected a readable"),
        "flipped": (f"{TEST}.gz", bytes(
            b ^ (i == 5000) for i, b in enumerate(gzip.compress(content))),
            "expected "),
    }[kind]
    (folder / name).write_bytes(new)
    return message


@pytest.mark.parametrize(
    "kind", ["other", "empty", "truncated", "garbage", "flipped"])
def test_damaged_files(suite, mnist, kind):
    folder, _ = mnist
    message = damage(folder, kind)
    with pytest.raises(MissingFile, match=f"{message}(.|\n)*got (.|\n)*"
                       "delete it, and the next run downloads it again"):
        load_mnist_images(folder)
    check_refused(suite, suite.make_dataset("MNIST", **SMALL["MNIST"]),
                  "delete it")


def test_missing_file_without_a_network(suite, mnist):
    folder, _ = mnist
    (folder / TRAIN).unlink()
    with pytest.raises(MissingFile, match=f"expected MNIST's {TRAIN}.gz in "
                       "(.|\n)*got neither (.|\n)*OSError(.|\n)*copy"):
        load_mnist_images(folder)
    dataset = suite.make_dataset("MNIST", **SMALL["MNIST"])
    check_refused(suite, dataset, "or a network to download it from")
    with pytest.raises(MissingFile):
        dataset.prepare()


def test_second_mirror(mnist, monkeypatch):
    """Where the first is down."""
    folder, images = mnist
    content = (folder / TRAIN).read_bytes()
    (folder / TRAIN).unlink()

    def retrieve(url, fname, path, **_):
        if not url.startswith(files.MIRRORS[1]):
            raise OSError("down")
        (path / fname).write_bytes(gzip.compress(content))
        return path / fname

    monkeypatch.setattr(pooch, "retrieve", retrieve)
    np.testing.assert_array_equal(load_mnist_images(folder), images)


def test_the_real_files(suite):
    folder = get_data_path("mnist")
    for name in files.SHA256:
        if not list(folder.glob(f"{name}*")):
            pytest.skip(f"expected {name}, plain or .gz, in {folder}: set "
                        "BENCHOPT_DATA_HOME to the folder above it")
    images = load_mnist_images(folder)
    assert images.shape == (70_000, 28, 28)
    # the mean and deviation that the literature gives for the 60000
    assert images[:60_000].mean() / 255 == pytest.approx(0.1307, abs=1e-4)
    assert images[:60_000].std() / 255 == pytest.approx(0.3081, abs=1e-4)
    data = suite.make_dataset("MNIST", **SMALL["MNIST"]).get_data()
    assert data["x_test"].shape == (20, 64)
