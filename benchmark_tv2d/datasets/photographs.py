import numpy as np
from benchmark_utils.pictures import observed
from benchopt import BaseDataset
from sklearn.datasets import load_sample_image

from unrolling.data import refused


class Dataset(BaseDataset):
    """Squares of scikit-learn's two photographs, grey, blurred or not.

    Squares do not overlap. Those of the flower train, those of the temple in
    China test. F. Pedregosa et al., Scikit-learn: machine learning in Python,
    J. Mach. Learn. Res. 12, 2011.
    """

    name = "Photographs"
    requirements = ["scikit-learn", "pip::pillow"]

    parameters = {
        "size": [64],
        "blur, noise": [(0.0, 0.1), (1.5, 0.02)],
        "n_train": [20],
        "n_test": [10],
    }
    test_config = {"size": 16, "n_train": 4, "n_test": 2}

    def get_data(self):
        if not 2 <= self.size <= 400:
            return refused(f"size must be 2 to 400, got size={self.size}")
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        parts = []
        for name, wanted in (("flower.jpg", self.n_train),
                             ("china.jpg", self.n_test)):
            found = squares(load_sample_image(name).mean(axis=2) / 255,
                            self.size)
            # what is overexposed is constant, and no problem at all
            found = found[np.ptp(found, axis=(1, 2)) > 0.1]
            if len(found) < wanted:
                return refused(
                    f"n_train and n_test must be at most the {len(found)} "
                    f"squares of {name}, got {wanted}: use a smaller size")
            parts.append(rng.permutation(found)[:wanted])
        return observed(np.concatenate(parts), self.n_train, self.blur,
                        self.noise, rng)


def squares(image, size):
    """All squares of a grid, (n_squares, size, size)."""
    rows, columns = (n // size for n in image.shape)
    image = image[:rows * size, :columns * size]
    return image.reshape(rows, size, columns, size).swapaxes(1, 2).reshape(
        -1, size, size)
