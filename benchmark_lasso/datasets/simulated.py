import numpy as np
from benchopt import BaseDataset

from unrolling.data import refused

DENSITY = 0.05
"""Share of the entries of sparse codes that are not zero."""


class Dataset(BaseDataset):
    """Atoms uniform on the sphere, and signals of one of three kinds.

    white: x iid normal, as in the talk; codes: x = D z with z iid normal, as
    in the reference package (adopty), which nobody can recover from x where
    n_atoms > n_dim; sparse: x = D z with Bernoulli-Gaussian z, of which one
    entry in twenty is not zero, and at least one. To the last two, noise adds
    a normal vector of this norm relative to x's, on average. The objective
    scales all to ||D'x||_inf = 1. P. Ablin et al., Learning step sizes for
    unfolded sparse coding, NeurIPS 2019, arXiv:1905.11071.
    """

    name = "Simulated"

    parameters = {
        "n_dim, n_atoms": [(64, 256)],
        "signals": ["white"],
        "noise": [0.0],
        "n_train": [1000],
        "n_test": [500],
    }
    test_config = {"n_dim": 10, "n_atoms": 20, "n_train": 30, "n_test": 20}
    test_parameters = {"signals": ["white", "codes", "sparse"]}

    def get_data(self):
        if self.signals not in ("white", "codes", "sparse"):
            return refused(
                "signals must be white, codes or sparse, got "
                f"signals={self.signals}"
            )
        if self.noise and self.signals == "white" or self.noise < 0:
            return refused(
                "noise must be >= 0, and 0 for white signals, which have no "
                f"codes, got noise={self.noise}"
            )
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        D = rng.standard_normal((self.n_dim, self.n_atoms))
        D /= np.linalg.norm(D, axis=0)
        n_samples = self.n_train + self.n_test
        if self.signals == "white":
            x = rng.standard_normal((n_samples, self.n_dim))
            return {"D": D, "x_train": x[:self.n_train],
                    "x_test": x[self.n_train:]}
        z = rng.standard_normal((n_samples, self.n_atoms))
        if self.signals == "sparse":
            z *= at_least_one(rng.random(z.shape) < DENSITY, rng)
        x = z @ D.T
        if self.noise:
            size = self.noise * np.sqrt((x**2).mean())
            x += size * rng.standard_normal(x.shape)
        return {
            "D": D, "x_train": x[:self.n_train], "x_test": x[self.n_train:],
            "z_train": z[:self.n_train], "z_test": z[self.n_train:],
        }


def at_least_one(kept, rng):
    """Entries that are kept, with one at random in rows that keep none."""
    column = rng.integers(kept.shape[1], size=len(kept))
    empty = ~kept.any(axis=1)
    kept[empty, column[empty]] = True
    return kept
