import numpy as np
from benchopt import BaseDataset
from sklearn.datasets import load_digits

from unrolling.data.images import atoms_and_samples


class Dataset(BaseDataset):
    """The 8 x 8 digits of scikit-learn: real data without a download.

    Atoms, training and test samples are disjoint images drawn uniformly from
    the 1797, each centred and of unit norm (rank 61: three pixels are always
    blank). P. Ablin et al., Learning step sizes for unfolded sparse coding,
    NeurIPS 2019, arXiv:1905.11071.
    """

    name = "Digits"
    requirements = ["scikit-learn"]

    parameters = {"n_atoms": [256], "n_train": [1000]}
    test_config = {"n_atoms": 40, "n_train": 50}

    def get_data(self):
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        images = load_digits().data
        return atoms_and_samples(
            images, self.n_atoms, self.n_train, n_test=None, rng=rng)
