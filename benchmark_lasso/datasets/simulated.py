import numpy as np
from benchmark_utils.signals import draw, unit_atoms
from benchopt import BaseDataset

from unrolling.data import refused


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
        D = unit_atoms(self.n_dim, self.n_atoms, rng)
        x, z = draw(self.signals, self.noise, self.n_train + self.n_test, D,
                    rng)
        data = {"D": D, "x_train": x[:self.n_train],
                "x_test": x[self.n_train:]}
        if z is None:
            return data
        return data | {
            "z_train": z[:self.n_train], "z_test": z[self.n_train:]}
