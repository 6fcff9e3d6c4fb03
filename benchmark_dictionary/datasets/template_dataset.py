import numpy as np
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Where the data come from, in a line; a reference.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report.
    name = "My-data"

    # One data set for each combination. They become attributes: self.n_dim.
    parameters = {"n_dim": [30]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    def get_data(self):
        """A dictionary: x_train and x_test (n_samples, n_dim), and D (n_dim,
        n_atoms) where true atoms are known. The objective scales the samples
        to unit norm."""
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        return {
            "x_train": rng.standard_normal((200, self.n_dim)),
            "x_test": rng.standard_normal((100, self.n_dim)),
        }
