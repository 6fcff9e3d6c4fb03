import numpy as np
from benchmark_utils.signals import NOISES, SIGNALS, observe, refusal, split
from benchopt import BaseDataset
from scipy.linalg import toeplitz

from unrolling.data import refused

KERNELS = {
    "gaussian": lambda t: np.exp(-0.5 * (6 * t - 3) ** 2),
    "box": np.ones_like,
    "decay": lambda t: np.exp(-4 * t),
}
"""Name -> kernel at times in [0, 1], the whole of its width."""


class Dataset(BaseDataset):
    """Deconvolution of a blur: only what the whole kernel covers is seen.

    The kernel sums to 1 and has n_taps taps, so that n_dim = n_times - n_taps
    + 1 and A is singular: a Gaussian, a box, or the decay of a fluorescent
    indicator after a spike, as in R. W. Friedrich, P. Zhou and L. Paninski,
    Fast online deconvolution of calcium imaging data, PLoS Comput. Biol.
    13(3), 2017, doi:10.1371/journal.pcbi.1005423.
    """

    name = "Deconvolution"

    parameters = {
        "n_times": [120],
        "kernel": ["gaussian"],
        "n_taps": [11],
        "signals": ["blocks"],
        "noise": ["gaussian"],
        "density": [0.06],
        "snr_db": [15.0],
        "n_train": [200],
        "n_test": [100],
    }
    test_config = {"n_times": 20, "n_taps": 5, "n_train": 30, "n_test": 20}
    test_parameters = {"kernel": ["gaussian", "box", "decay"]}

    def get_data(self):
        wrong = refusal(
            self, kernel=KERNELS, signals=SIGNALS, noise=NOISES)
        if wrong:
            return wrong
        if not 2 <= self.n_taps <= self.n_times:
            return refused(f"n_taps must be 2 to n_times={self.n_times}, got "
                           f"n_taps={self.n_taps}")
        A = blur(self.kernel, self.n_taps, self.n_times)
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        n_samples = self.n_train + self.n_test
        u = SIGNALS[self.signals](n_samples, self.n_times, self.density, rng)
        noise = NOISES[self.noise]((n_samples, len(A)), rng)
        return split(A, observe(A, u, noise, self.snr_db), u, self.n_train)


def blur(kernel, n_taps, n_times):
    """The Toeplitz matrix of a convolution, without its borders.

    (n_times - n_taps + 1, n_times); entry (i, i + j) is tap n_taps - 1 - j.
    """
    taps = KERNELS[kernel](np.linspace(0, 1, n_taps))
    row = np.zeros(n_times)
    row[:n_taps] = taps[::-1] / taps.sum()
    return toeplitz(np.eye(n_times - n_taps + 1)[0] * row[0], row)
