import numpy as np
from benchmark_utils.random_signals import draw, unit_atoms
from benchopt import BaseDataset

from unrolling.data import refused

ELSEWHERE = {
    "same": {}, "signals": {"signals": "white"},
    "noise": {"noise": 0.3}, "reg": {"reg_train": (0.3, 0.3)},
    "regs": {"reg_train": (0.1, 0.8)}, "dictionary": {"atoms": "new"},
}
"""Where networks are trained -> how that differs from the test problems."""


class Dataset(BaseDataset):
    """Test problems, and training problems that differ from them in one way.

    The test problems are x = D z with z iid normal, as `codes` of Simulated,
    and the same whatever `train` says. Networks train on more of them
    (train=same); on signals that are iid normal themselves (signals); on x
    with a normal vector of 0.3 its norm added (noise); at lmbd = 0.3 lmbd_max
    (reg), or at one between 0.1 and 0.8 lmbd_max for each sample (regs),
    of which each order of magnitude counts alike; or for a new draw of D
    (dictionary), and run with what they have learned there. P. Ablin et al.,
    Learning step sizes for unfolded sparse coding, NeurIPS 2019,
    arXiv:1905.11071, train on the same.
    """

    name = "Transfer"

    parameters = {
        "train": ["same"], "n_dim, n_atoms": [(64, 256)],
        "n_train": [1000], "n_test": [500],
    }
    test_config = {"n_dim": 10, "n_atoms": 20, "n_train": 30, "n_test": 20}
    test_parameters = {"train": list(ELSEWHERE)}

    def get_data(self):
        if self.train not in ELSEWHERE:
            return refused(f"train must be one of {', '.join(ELSEWHERE)}, got "
                           f"train={self.train}")
        differs = {"signals": "codes", "noise": 0.0} | ELSEWHERE[self.train]
        test, train = (np.random.default_rng([self.get_seed(), part])
                       for part in range(2))
        D = unit_atoms(self.n_dim, self.n_atoms, test)
        x_test, _ = draw("codes", 0.0, self.n_test, D, test)
        elsewhere = {}
        if "reg_train" in differs:
            # the cost of a sample is seen divided by reg^2: see the objective
            low, high = differs["reg_train"]
            elsewhere["reg_train"] = np.sqrt(
                train.uniform(low**2, high**2, self.n_train))
        if "atoms" in differs:
            elsewhere["D_train"] = unit_atoms(self.n_dim, self.n_atoms, train)
        x_train, _ = draw(
            differs["signals"], differs["noise"], self.n_train,
            elsewhere.get("D_train", D), train)
        return {"D": D, "x_train": x_train, "x_test": x_test} | elsewhere
