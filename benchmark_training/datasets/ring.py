import numpy as np
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import COUNT, POSITIVE, outside


class Dataset(BaseDataset):
    """Normal clouds on a circle of radius 2, to be generated.

    Modes that a generator misses are seen at once: L. Metz, B. Poole, D. Pfau
    and J. Sohl-Dickstein, Unrolled generative adversarial networks, ICLR 2017,
    arXiv:1611.02163. A sample is close to the data within three standard
    deviations of a cloud's centre.
    """

    name = "Ring"

    parameters = {
        "n_modes": [8], "deviation": [0.1], "n_test": [2000],
        "n_hidden": [32], "batch_size": [128],
    }
    test_config = {"n_test": 100, "n_hidden": 8, "batch_size": 32}

    def get_data(self):
        reason = outside(POSITIVE, deviation=self.deviation) or outside(
            COUNT, n_modes=self.n_modes, n_test=self.n_test)
        if reason:
            return refused(reason)
        seed = self.get_seed()
        rng = np.random.default_rng(seed)
        angles = 2 * np.pi * np.arange(self.n_modes) / self.n_modes
        centres = 2 * np.column_stack([np.cos(angles), np.sin(angles)])
        X = centres[rng.integers(self.n_modes, size=10_000 + self.n_test)]
        X = X + self.deviation * rng.standard_normal(X.shape)
        return {
            "kind": "gan", "X_train": X[self.n_test:],
            "X_test": X[:self.n_test], "centres": centres,
            "labels": np.arange(self.n_modes),
            "radius": 3 * self.deviation, "shape": None, "n_latent": 2,
            "n_hidden": self.n_hidden, "batch_size": self.batch_size,
            "seed": seed,
        }
