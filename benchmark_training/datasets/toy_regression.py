import numpy as np
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import COUNT, POSITIVE_OR_ZERO, outside


class Dataset(BaseDataset):
    """A smooth function of four normal variables, with noise.

    y = sin 2 x_1 + x_2 x_3 + x_4 / 2 + noise, fitted by 16 hidden units: a
    stand-in for the first case study of Z. Hervieux-Moore, ADMM in neural
    networks, slides of ELE 538B, 2018, which do not say their data; the
    splitting is that of S. Boyd et al., Found. Trends Mach. Learn. 3(1), 2011,
    doi:10.1561/2200000016.
    """

    name = "Toy-regression"

    parameters = {
        "n_train": [200], "n_hidden": [16], "batch_size": [20],
        "noise": [0.1], "decay": [1.0],
    }
    test_config = {"n_train": 40, "n_hidden": 4}

    def get_data(self):
        reason = outside(COUNT, n_train=self.n_train) or outside(
            POSITIVE_OR_ZERO, noise=self.noise)
        if reason:
            return refused(reason)
        seed = self.get_seed()
        rng = np.random.default_rng(seed)
        X = rng.standard_normal((self.n_train + 1000, 4))
        y = np.sin(2 * X[:, 0]) + X[:, 1] * X[:, 2] + 0.5 * X[:, 3]
        y += self.noise * rng.standard_normal(len(y))
        n = self.n_train
        return {
            "kind": "regression", "X_train": X[:n], "y_train": y[:n],
            "X_test": X[n:], "y_test": y[n:], "n_hidden": self.n_hidden,
            "batch_size": self.batch_size, "decay": self.decay, "seed": seed,
        }
