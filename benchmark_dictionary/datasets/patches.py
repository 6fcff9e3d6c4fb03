import numpy as np
from benchopt import BaseDataset
from sklearn.datasets import load_digits, load_sample_image

TILE = 61


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
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        if self.images == "digits":
            images = load_digits().images
        else:
            grey = load_sample_image("china.jpg").mean(axis=2)
            rows, columns = (n // TILE for n in grey.shape)
            images = grey[:rows * TILE, :columns * TILE].reshape(
                rows, TILE, columns, TILE).swapaxes(1, 2).reshape(
                -1, TILE, TILE)
        images = rng.permutation(images)
        n_images = len(images) * 3 // 4
        return {
            "x_train": patches(images[:n_images], self.size, self.n_train,
                               rng),
            "x_test": patches(images[n_images:], self.size, self.n_test, rng),
        }


def patches(images, size, n_patches, rng):
    """Random patches (n_patches, size^2), centred, none of them constant."""
    windows = np.lib.stride_tricks.sliding_window_view(
        images, (size, size), axis=(1, 2))
    x = windows.reshape(-1, size**2)
    x = x - x.mean(axis=1, keepdims=True)
    x = x[abs(x).max(axis=1) > 1e-10]
    return x[rng.permutation(len(x))[:n_patches]]
