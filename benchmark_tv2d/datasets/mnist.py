import numpy as np
from benchmark_utils.pictures import observed
from benchopt import BaseDataset
from benchopt.config import get_data_path

from unrolling.data import MissingFile, refused
from unrolling.data.mnist import load_mnist_images
from unrolling.options import COUNT, outside


class Dataset(BaseDataset):
    """MNIST, 28 x 28 pixels, blurred or not, in noise.

    The files are looked for in benchopt's data path for `mnist`, and else
    downloaded there. Y. LeCun et al., Gradient-based learning applied to
    document recognition, Proc. IEEE 86(11), 1998, doi:10.1109/5.726791.
    """

    name = "MNIST"
    requirements = ["pip::pooch"]

    parameters = {
        "blur, noise": [(0.0, 0.1), (1.0, 0.02)],
        "n_train": [100],
        "n_test": [20],
    }
    test_config = {"n_train": 4, "n_test": 2}

    def get_data(self):
        reason = outside(COUNT, n_train=self.n_train, n_test=self.n_test)
        if reason:
            return refused(reason)
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        try:
            images = load_mnist_images(get_data_path("mnist"))
        except MissingFile as error:
            return refused(str(error))
        rows = rng.permutation(len(images))[:self.n_train + self.n_test]
        return observed(images[rows] / 255, self.n_train, self.n_test,
                        self.blur, self.noise, rng)

    def prepare(self):
        """Fetch the files; an error where they cannot be had."""
        load_mnist_images(get_data_path("mnist"))
