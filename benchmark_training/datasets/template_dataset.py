import numpy as np
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Where the data come from, in a line; a reference.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report.
    name = "My-data"

    # One data set for each combination. They become attributes: self.n_train.
    parameters = {"n_train": [50], "decay": [1.0]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    def get_data(self):
        """A dictionary. kind is "regression" (y are numbers) or
        "classification" (y are classes 0, 1, ...): X_train and X_test
        (n_samples, n_features), y_train and y_test (n_samples,), n_hidden of
        the network, batch_size, the weight decay and a seed of the start. For
        kind="gan", see ring.py."""
        seed = self.get_seed()
        rng = np.random.default_rng(seed)
        X = rng.standard_normal((self.n_train + 20, 3))
        y = X.sum(axis=1)
        n = self.n_train
        return {
            "kind": "regression", "X_train": X[:n], "y_train": y[:n],
            "X_test": X[n:], "y_test": y[n:], "n_hidden": 8,
            "batch_size": 10, "decay": self.decay, "seed": seed,
        }
