import numpy as np
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Gaussian vectors; `label` only makes the name hard to quote."""

    name = "Made-up"
    parameters = {"n_dim": [4, 9], "label": ["""a<b & "c" 'd'"""]}

    def get_data(self):
        seed = self.get_seed(use_dataset=True)
        return {"y": np.random.default_rng(seed).standard_normal(self.n_dim)}