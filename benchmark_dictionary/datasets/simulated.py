import numpy as np
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import COUNT, POSITIVE_OR_ZERO, SHARE, outside


class Dataset(BaseDataset):
    """Sparse combinations of planted atoms, uniform on the sphere.

    Each atom is in a sample with probability `density`, with a normal
    coefficient (a sample without any gets one), and noise is added with
    `noise` times the signal's standard deviation. R. Gribonval and K. Schnass,
    Dictionary identification: sparse matrix-factorization via l1
    minimization, IEEE Trans. Inf. Theory 56(7), 2010, arXiv:0904.4774.
    """

    name = "Simulated"

    parameters = {
        "n_dim, n_atoms": [(64, 128)],
        "density": [0.05],
        "noise": [0.1],
        "n_train": [2000],
        "n_test": [500],
    }
    test_config = {"n_dim": 10, "n_atoms": 20, "n_train": 60, "n_test": 20}

    def get_data(self):
        reason = (outside(SHARE, density=self.density)
                  or outside(POSITIVE_OR_ZERO, noise=self.noise)
                  or outside(COUNT, n_dim=self.n_dim, n_atoms=self.n_atoms,
                             n_train=self.n_train, n_test=self.n_test))
        if reason:
            return refused(reason)
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        D = rng.standard_normal((self.n_dim, self.n_atoms))
        D /= np.linalg.norm(D, axis=0)
        n_samples = self.n_train + self.n_test
        used = rng.random((n_samples, self.n_atoms)) < self.density
        used[np.arange(n_samples), rng.integers(self.n_atoms, size=n_samples)
             ] |= ~used.any(axis=1)
        x = (used * rng.standard_normal(used.shape)) @ D.T
        x += self.noise * x.std() * rng.standard_normal(x.shape)
        return {"D": D, "x_train": x[:self.n_train],
                "x_test": x[self.n_train:]}
