import numpy as np
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Where the data come from, in a line; a reference.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report.
    name = "My-data"

    # One data set for each combination. They become attributes: self.n_times.
    parameters = {"n_times": [50]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    def get_data(self):
        """A dictionary: A (n_dim, n_times), x_train and x_test (n_samples,
        n_dim), and u_train, u_test (n_samples, n_times) where known. The
        objective scales each x such that its lmbd_max is 1."""
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        return {
            "A": rng.standard_normal((30, self.n_times)),
            "x_train": rng.standard_normal((200, 30)),
            "x_test": rng.standard_normal((100, 30)),
        }
