import numpy as np
from benchmark_utils.signals import NOISES, observe, refusal, split
from benchopt import BaseDataset

from unrolling.data import refused

WAVES = np.array([
    (-70, 1.2, 0.25), (-15, -5.0, 0.1), (0, 30.0, 0.1), (15, -7.5, 0.1),
    (100, 0.75, 0.4)])
"""P, Q, R, S and T, as in the authors' program ECGSYN: angle in the cycle
(degrees), a, which weighs its slope, and width b (rad). Heights are a b^2."""
RATE = 128
"""Samples per second."""
N_ONES = 8
"""Ones in each column of the sensing matrix."""


class Dataset(BaseDataset):
    """Electrocardiograms, compressed at the sensor.

    Beats are sums of five Gaussian waves at 128 Hz, which solve the model of
    P. McSharry, G. Clifford, L. Tarassenko and L. Smith, A dynamical model for
    generating synthetic electrocardiogram signals, IEEE Trans. Biomed. Eng.
    50(3), 2003, doi:10.1109/TBME.2003.808805, eq. 1, but for its baseline, to
    which it returns, at 50 to 100 beats a minute. The sensor sums
    samples at random, 8 for each measurement of which there are n_dim: H.
    Mamaghanian et al., IEEE Trans. Biomed. Eng. 58(9), 2011,
    doi:10.1109/TBME.2011.2156795.
    """

    name = "ECGLike"

    parameters = {
        "n_times": [256],
        "n_dim": [128],
        "noise": ["gaussian"],
        "snr_db": [20.0],
        "n_train": [200],
        "n_test": [100],
    }
    test_config = {"n_times": 64, "n_dim": 32, "n_train": 30, "n_test": 20}

    def get_data(self):
        wrong = refusal(self, noise=NOISES)
        if wrong:
            return wrong
        if not N_ONES <= self.n_dim <= self.n_times:
            return refused(f"n_dim must be {N_ONES} to n_times="
                           f"{self.n_times}, got n_dim={self.n_dim}")
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        rows = rng.random((self.n_times, self.n_dim)).argsort(axis=1)
        A = np.zeros((self.n_dim, self.n_times))
        A[rows[:, :N_ONES], np.arange(self.n_times)[:, None]] = N_ONES**-0.5
        n_samples = self.n_train + self.n_test
        u = heartbeats(n_samples, self.n_times, rng)
        noise = NOISES[self.noise]((n_samples, self.n_dim), rng)
        return split(A, observe(A, u, noise, self.snr_db), u, self.n_train)


def heartbeats(n_samples, n_times, rng):
    """Electrocardiograms whose highest wave is 1, (n_samples, n_times)."""
    rate = rng.uniform(50, 100, (n_samples, 1)) / 60
    angle = 2 * np.pi * (rng.random((n_samples, 1))
                         + rate * np.arange(n_times) / RATE)
    return waves(angle, np.sqrt(rate))  # they shrink less than the RR interval


def waves(angle, stretch=1.0):
    """The signal at angles of the cycle, its waves so much wider; R is 1."""
    centre, slope, width = WAVES.T
    height = slope * width**2
    offset = (angle[..., None] - np.radians(centre) + np.pi) % (
        2 * np.pi) - np.pi
    bells = np.exp(-0.5 * (offset / (width * np.asarray(stretch)[..., None])
                           ) ** 2)
    return bells @ (height / height.max())
