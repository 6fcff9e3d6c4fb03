from importlib import import_module

import numpy as np
from benchmark_utils.pictures import observed
from benchopt import BaseDataset
from sklearn.datasets import load_sample_image

from unrolling.data import refused
from unrolling.options import COUNT, outside

PHOTOGRAPHS = {
    "scikit-learn": (["flower.jpg"], ["china.jpg"]),
    "scikit-image": (["astronaut", "chelsea", "coffee", "rocket"],
                     ["camera", "coins"]),
}
"""Library -> photographs whose squares train, and those whose squares test."""


class Dataset(BaseDataset):
    """Squares of photographs that a library brings along, blurred or not.

    They are grey and do not overlap; those of one photograph do not both
    train and test. F. Pedregosa et al., Scikit-learn: machine learning in
    Python, J. Mach. Learn. Res. 12, 2011; S. van der Walt et al.,
    scikit-image: image processing in Python, PeerJ 2:e453, 2014,
    doi:10.7717/peerj.453.
    """

    name = "Photographs"
    requirements = ["scikit-learn", "pip::pillow"]

    parameters = {
        "library": ["scikit-learn"],
        "size": [64],
        "blur, noise": [(0.0, 0.1), (1.5, 0.02)],
        "n_train": [20],
        "n_test": [10],
    }
    test_config = {"size": 16, "n_train": 4, "n_test": 2}

    def get_data(self):
        reason = outside(COUNT, size=self.size, n_train=self.n_train,
                         n_test=self.n_test)
        if reason:
            return refused(reason)
        if not 2 <= self.size <= 300:
            return refused(f"size must be 2 to 300, got size={self.size}")
        if self.library not in PHOTOGRAPHS:
            return refused(f"library must be one of {list(PHOTOGRAPHS)}, got "
                           f"library={self.library}")
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        parts = []
        for names, wanted in zip(PHOTOGRAPHS[self.library],
                                 (self.n_train, self.n_test), strict=True):
            try:
                images = [load(self.library, name) for name in names]
            except ImportError as error:
                return refused(f"{error}: pip install {self.library}")
            found = np.concatenate([squares(u, self.size) for u in images])
            # what is overexposed is constant, and no problem at all
            found = found[np.ptp(found, axis=(1, 2)) > 0.1]
            if len(found) < wanted:
                return refused(
                    f"n_train and n_test must be at most the {len(found)} "
                    f"squares of {', '.join(names)}, got {wanted}: use a "
                    "smaller size")
            parts.append(rng.permutation(found)[:wanted])
        return observed(np.concatenate(parts), self.n_train, self.n_test,
                        self.blur, self.noise, rng)


def load(library, name):
    """A photograph in grey, (height, width), with values of 0 to 1.

    ImportError where the library is not installed.
    """
    if library == "scikit-learn":
        image = load_sample_image(name)
    else:
        image = getattr(import_module("skimage.data"), name)()
    return image.reshape(*image.shape[:2], -1).mean(axis=2) / 255


def squares(image, size):
    """All squares of a grid, (n_squares, size, size)."""
    rows, columns = (n // size for n in image.shape)
    image = image[:rows * size, :columns * size]
    return image.reshape(rows, size, columns, size).swapaxes(1, 2).reshape(
        -1, size, size)
