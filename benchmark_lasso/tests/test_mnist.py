"""MNIST: its images, its files, and what is said of damaged or absent ones."""
import gzip

import numpy as np
import pooch
import pytest
from benchopt.config import get_data_path

from unrolling.data import MissingFile
from unrolling.data import mnist as files
from unrolling.data.images import normalise
from unrolling.data.mnist import load_mnist_images

TRAIN, TEST = files.SHA256
SMALL = {"n_atoms": 40, "n_train": 50, "n_test": 20}


def test_constant_images_are_left_out():
    images = np.array([[3, 3, 3, 3], [1, 2, 3, 4], [0, 0, 0, 0]])
    expected = np.array([[-3, -1, 1, 3]]) / np.sqrt(20)
    np.testing.assert_allclose(normalise(images), expected)


@pytest.mark.parametrize("size", [2, 7, 8, 28])
def test_mnist(suite, mnist, size):
    """Disjoint averages of the images, centred, of unit norm."""
    _, images = mnist
    data = suite.make_dataset("MNIST", size=size, **SMALL).get_data()
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
    suite.check_refused(suite.make_dataset("MNIST", size=size),
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
    suite.check_refused(suite.make_dataset("MNIST", **SMALL), "delete it")


def test_missing_file_without_a_network(suite, mnist):
    folder, _ = mnist
    (folder / TRAIN).unlink()
    with pytest.raises(MissingFile, match=f"expected MNIST's {TRAIN}.gz in "
                       "(.|\n)*got neither (.|\n)*OSError(.|\n)*copy"):
        load_mnist_images(folder)
    dataset = suite.make_dataset("MNIST", **SMALL)
    suite.check_refused(dataset, "or a network to download it from")
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
    data = suite.make_dataset("MNIST", **SMALL).get_data()
    assert data["x_test"].shape == (20, 64)
