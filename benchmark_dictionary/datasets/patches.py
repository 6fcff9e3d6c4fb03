import numpy as np
from benchopt import BaseDataset
from sklearn.datasets import load_digits, load_sample_image

from unrolling.data import refused
from unrolling.options import COUNT, outside

TILE = 61
"""Pixels: 7 x 10 tiles of the photograph."""


class Dataset(BaseDataset):
    """Square patches of images that come with scikit-learn, centred.

    images=digits: of the 1797 digits of 8 x 8 pixels; images=china: of the
    photograph in grey, 427 x 640, cut into tiles of 61 x 61. Training and
    test patches are from disjoint images or tiles. M. Elad and M. Aharon,
    Image denoising via sparse and redundant representations over learned
    dictionaries, IEEE Trans. Image Process. 15(12), 2006,
    doi:10.1109/TIP.2006.881969.
    """

    name = "Patches"
    requirements = ["scikit-learn", "pillow"]

    parameters = {
        "images, size": [("china", 8), ("digits", 6)],
        "n_train": [2000],
        "n_test": [500],
    }
    test_config = {"n_train": 60, "n_test": 20}

    def get_data(self):
        if self.images not in ("china", "digits"):
            return refused(
                f"images must be china or digits, got images={self.images}")
        reason = outside(
            COUNT, size=self.size, n_train=self.n_train, n_test=self.n_test)
        if reason:
            return refused(reason)
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        images = load_digits().images if self.images == "digits" else (
            tiles(load_sample_image("china.jpg").mean(axis=2)))
        if not 2 <= self.size <= images.shape[1]:
            return refused(
                f"size must be 2 to {images.shape[1]}, got size={self.size}")
        images = rng.permutation(images)
        n_images = len(images) * 3 // 4
        x_train, x_test = (
            patches(part, self.size, n_patches, rng)
            for part, n_patches in ((images[:n_images], self.n_train),
                                    (images[n_images:], self.n_test)))
        if len(x_train) < self.n_train or len(x_test) < self.n_test:
            return refused(
                f"expected n_train={self.n_train} and n_test={self.n_test} "
                f"patches that are not constant, got {len(x_train)} and "
                f"{len(x_test)}: ask for fewer, or smaller ones")
        return {"x_train": x_train, "x_test": x_test}


def tiles(image):
    """An image in squares of TILE pixels a side, which share none."""
    rows, columns = (n // TILE for n in image.shape)
    image = image[:rows * TILE, :columns * TILE]
    return image.reshape(rows, TILE, columns, TILE).swapaxes(1, 2).reshape(
        -1, TILE, TILE)


def patches(images, size, n_patches, rng):
    """Random patches (at most n_patches, size^2), centred, none constant."""
    windows = np.lib.stride_tricks.sliding_window_view(
        images, (size, size), axis=(1, 2))
    places = np.argwhere(np.ptp(windows, axis=(3, 4)) > 0)
    places = places[rng.permutation(len(places))[:n_patches]]
    x = windows[tuple(places.T)].reshape(-1, size**2)
    return x - x.mean(axis=1, keepdims=True)
