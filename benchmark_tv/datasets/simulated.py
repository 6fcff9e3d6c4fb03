import numpy as np
from benchmark_utils.signals import NOISES, SIGNALS, observe, refusal, split
from benchopt import BaseDataset

AXES = {"rows": 1, "columns": 0, "neither": None}
"""What of A has unit norm -> the axis over which the norm is."""


class Dataset(BaseDataset):
    """A with iid normal entries, and noisy signals seen through it.

    The rows or the columns of A are scaled to unit norm, or neither.

    n_dim=5, n_times=8, signals=jumps, unit_norm=columns is the problem of H.
    Cherkaoui, J. Sulam and T. Moreau, Learning to solve TV regularised
    problems with unrolled algorithms, NeurIPS 2020, arXiv:2010.09545, as
    their code draws it: one jump of each signal, at an SNR of 0 dB.
    """

    name = "Simulated"

    parameters = {
        "n_dim, n_times": [(40, 40)],
        "signals": ["blocks"],
        "noise": ["gaussian"],
        "density": [0.2],
        "snr_db": [0.0],
        "unit_norm": ["rows"],
        "n_train": [1000],
        "n_test": [500],
    }
    test_config = {"n_dim": 5, "n_times": 8, "n_train": 30, "n_test": 20}
    test_parameters = {
        "signals, noise": [("blocks", "gaussian"), ("sinus", "laplace")]}

    def get_data(self):
        wrong = refusal(
            self, signals=SIGNALS, noise=NOISES, unit_norm=AXES)
        if wrong:
            return wrong
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        A = rng.standard_normal((self.n_dim, self.n_times))
        if AXES[self.unit_norm] is not None:
            A /= np.linalg.norm(A, axis=AXES[self.unit_norm], keepdims=True)
        n_samples = self.n_train + self.n_test
        u = SIGNALS[self.signals](n_samples, self.n_times, self.density, rng)
        noise = NOISES[self.noise]((n_samples, self.n_dim), rng)
        return split(A, observe(A, u, noise, self.snr_db), u, self.n_train)
