import numpy as np
from benchopt import BaseDataset

from unrolling.data import refused


class Dataset(BaseDataset):
    """Atoms uniform on the sphere, and signals of one of two kinds.

    white: x iid normal, as in the talk; codes: x = D z with z iid normal, as
    in the reference package (adopty). The objective scales both to
    ||D'x||_inf = 1. P. Ablin et al., Learning step sizes for unfolded sparse
    coding, NeurIPS 2019, arXiv:1905.11071.
    """

    name = "Simulated"

    parameters = {
        "n_dim, n_atoms": [(64, 256)],
        "signals": ["white"],
        "n_train": [1000],
        "n_test": [500],
    }
    test_config = {"n_dim": 10, "n_atoms": 20, "n_train": 30, "n_test": 20}
    test_parameters = {"signals": ["white", "codes"]}

    def get_data(self):
        if self.signals not in ("white", "codes"):
            return refused(
                f"signals must be white or codes, got signals={self.signals}"
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
        x = z @ D.T
        return {
            "D": D, "x_train": x[:self.n_train], "x_test": x[self.n_train:],
            "z_train": z[:self.n_train], "z_test": z[self.n_train:],
        }
