import numpy as np
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Where the images come from, in a line; a reference.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report.
    name = "My-data"

    # One data set for each combination. They become attributes: self.size.
    parameters = {"size": [12]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    def get_data(self):
        """A dictionary: kernel (odd sizes, symmetric along both axes; None
        for denoising), x_train and x_test (n_samples, height, width), whose
        values are about 0 to 1, and u_train, u_test where known."""
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        return {
            "kernel": np.full((3, 3), 1 / 9),
            "x_train": rng.random((20, self.size, self.size)),
            "x_test": rng.random((10, self.size, self.size)),
        }
