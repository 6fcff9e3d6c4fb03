import numpy as np
import torch
from benchopt import BaseDataset
from benchopt.config import get_data_path

from unrolling.data import MissingFile, refused
from unrolling.data.images import atoms_and_samples
from unrolling.data.mnist import load_mnist_images


class Dataset(BaseDataset):
    """MNIST, whole (28 x 28) or averaged down to size x size pixels.

    Atoms, training and test samples are disjoint images, each centred and of
    unit norm. The files are looked for in benchopt's data path for `mnist`
    (`data_paths` or `data_home` in the configuration) and else downloaded
    there, and checked against their SHA-256. Y. LeCun et al., Gradient-based
    learning applied to document recognition, Proc. IEEE 86(11), 1998.
    """

    name = "MNIST"
    requirements = ["pip::torch", "pip::pooch"]

    parameters = {
        "size": [8],
        "n_atoms": [256],
        "n_train": [1000],
        "n_test": [500],
    }
    test_config = {"n_atoms": 40, "n_train": 50, "n_test": 20}

    def get_data(self):
        if not 2 <= self.size <= 28:
            return refused(f"size must be 2 to 28, got size={self.size}")
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        try:
            images = load_mnist_images(get_data_path("mnist"))
        except MissingFile as error:
            return refused(str(error))
        needed = self.n_atoms + self.n_train + self.n_test
        images = images[rng.permutation(len(images))[:2 * needed]]
        images = torch.as_tensor(images, dtype=torch.float64)
        images = torch.nn.functional.adaptive_avg_pool2d(images, self.size)
        return atoms_and_samples(
            images.flatten(start_dim=1).numpy(),
            self.n_atoms, self.n_train, self.n_test, rng)

    def prepare(self):
        """Fetch the files; an error where they cannot be had."""
        load_mnist_images(get_data_path("mnist"))
