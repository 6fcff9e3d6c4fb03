from benchmark_utils.shuffled_digits import HELD_OUT, shuffled_digits
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import outside


class Dataset(BaseDataset):
    """The 8 x 8 digits of scikit-learn, classified by one hidden layer.

    The training of networks by ADMM on such small problems goes back to G.
    Taylor, R. Burmeister, Z. Xu, B. Singh, A. Patel and T. Goldstein, Training
    neural networks without gradients, ICML 2016, arXiv:1605.02026.
    """

    name = "Digits"
    requirements = ["scikit-learn"]

    parameters = {
        "n_test": [360], "n_hidden": [32], "batch_size": [50],
        "decay": [1.0],
    }
    test_config = {"n_hidden": 4, "n_test": 1500}

    def get_data(self):
        reason = outside(HELD_OUT, n_test=self.n_test)
        if reason:
            return refused(reason)
        seed = self.get_seed()
        X, y = shuffled_digits(seed)
        n = len(X) - self.n_test
        return {
            "kind": "classification", "X_train": X[:n], "y_train": y[:n],
            "X_test": X[n:], "y_test": y[n:], "n_hidden": self.n_hidden,
            "batch_size": self.batch_size, "decay": self.decay, "seed": seed,
        }
