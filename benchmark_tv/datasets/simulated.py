import numpy as np
from benchmark_utils.signals import NOISES, SIGNALS, observe, split, unknown
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """A with iid normal entries, and noisy signals seen through it.

    With unit_rows, each row of A is then scaled to unit norm.

    n_dim=5, n_times=8, blocks, a jump at a time in five and an SNR of 0 dB is
    the problem of H. Cherkaoui, J. Sulam and T. Moreau, Learning to solve TV
    regularised problems with unrolled algorithms, NeurIPS 2020,
    arXiv:2010.09545.
    """

    name = "Simulated"

    parameters = {
        "n_dim, n_times": [(40, 40)],
        "signals": ["blocks"],
        "noise": ["gaussian"],
        "density": [0.2],
        "snr_db": [0.0],
        "unit_rows": [True],
        "n_train": [1000],
        "n_test": [500],
    }
    test_config = {"n_dim": 5, "n_times": 8, "n_train": 30, "n_test": 20}
    test_parameters = {
        "signals, noise": [("blocks", "gaussian"), ("sinus", "laplace")]}

    def get_data(self):
        wrong = unknown(signals=(self.signals, SIGNALS),
                        noise=(self.noise, NOISES))
        if wrong:
            return wrong
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        A = rng.standard_normal((self.n_dim, self.n_times))
        if self.unit_rows:
            A /= np.linalg.norm(A, axis=1, keepdims=True)
        n_samples = self.n_train + self.n_test
        u = SIGNALS[self.signals](n_samples, self.n_times, self.density, rng)
        noise = NOISES[self.noise]((n_samples, self.n_dim), rng)
        return split(A, observe(A, u, noise, self.snr_db), u, self.n_train)
