import numpy as np
from benchmark_utils.clouds import nearest
from benchmark_utils.shuffled_digits import HELD_OUT, shuffled_digits
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import outside

CLOSE = 0.95
"""Share of the held-out digits that counts as close to the training digits."""


class Dataset(BaseDataset):
    """The 8 x 8 digits of scikit-learn, to be generated.

    Modes are the ten digits; a sample is that of its nearest training image,
    and close to the data if it is as near as all but 5 % of the held-out
    images are. I. Goodfellow et al., Generative adversarial nets, NeurIPS
    2014, arXiv:1406.2661.
    """

    name = "Digits-GAN"
    requirements = ["scikit-learn"]

    parameters = {
        "n_test": [500], "n_latent": [16], "n_hidden": [64],
        "batch_size": [64],
    }
    test_config = {"n_test": 50, "n_hidden": 8, "batch_size": 32}

    def get_data(self):
        reason = outside(HELD_OUT, n_test=self.n_test)
        if reason:
            return refused(reason)
        seed = self.get_seed()
        X, labels = shuffled_digits(seed)
        test, train = X[:self.n_test], X[self.n_test:]
        return {
            "kind": "gan", "X_train": train, "X_test": test,
            "centres": train, "labels": labels[self.n_test:],
            "radius": np.quantile(nearest(test, train)[1], CLOSE),
            "shape": (8, 8), "n_latent": self.n_latent,
            "n_hidden": self.n_hidden, "batch_size": self.batch_size,
            "seed": seed,
        }
