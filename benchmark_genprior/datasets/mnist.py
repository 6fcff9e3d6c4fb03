import numpy as np
from benchmark_utils.generators import Recipe
from benchmark_utils.splits import problem_of
from benchopt import BaseDataset
from benchopt.config import get_data_path

from unrolling.data import MissingFile, refused
from unrolling.data.mnist import load_mnist_images, load_mnist_labels
from unrolling.options import COUNT, outside


class Dataset(BaseDataset):
    """MNIST, 28 x 28, and a generator of it.

    The generator is trained on `n_train` of the images, on first use or by
    `benchopt prepare`: minutes, with a progress bar. Test images are others
    or, with in_range=True, images of the generator.
    The files are looked for in benchopt's data path for `mnist`, else
    downloaded there, and checked against their SHA-256. Y. LeCun et al.,
    Gradient-based learning applied to document recognition, Proc. IEEE 86(11),
    1998.
    """

    name = "MNIST"
    requirements = ["pip::torch", "pip::pooch"]

    parameters = {
        "architecture": ["conv"], "activation": ["elu"], "training": ["vae"],
        "n_latent": [128], "epochs": [1], "n_train": [60000], "n_test": [50],
        "in_range": [False],
    }
    test_config = {"architecture": "fc", "epochs": 1, "n_latent": 5,
                   "n_train": 200, "n_test": 4}

    def get_data(self):
        reason = outside(COUNT, n_train=self.n_train, n_test=self.n_test)
        if reason:
            return refused(reason)
        try:
            images, labels = (
                load(get_data_path("mnist"))
                for load in (load_mnist_images, load_mnist_labels))
        except MissingFile as error:
            return refused(str(error))
        needed = self.n_train + self.n_test
        if needed > len(images):
            return refused(
                f"n_train + n_test must be at most {len(images)}, got "
                f"{self.n_train} + {self.n_test}")
        seed = self.get_seed()
        rows = np.random.default_rng(seed).permutation(len(images))[:needed]
        recipe = Recipe(self.architecture, self.activation, self.training,
                        self.n_latent, self.epochs)
        return problem_of(
            recipe, images[rows].reshape(needed, -1) / np.float32(255),
            labels[rows].astype(int), (28, 28), self.n_test,
            self.in_range, seed)

    def prepare(self):
        """Fetch the files and train; an error where they cannot be had."""
        load_mnist_images(get_data_path("mnist"))
        self.get_data()
