import numpy as np
from benchmark_utils.signals import NOISES, observe, refusal, split
from benchopt import BaseDataset
from scipy.linalg import toeplitz

from unrolling.data import refused
from unrolling.data.fmri import RESPONSES, ar1, sample_response

BLOCKS = {"short": (1, 3), "long": (5, 39)}
"""Kind of a block -> its least and its greatest length, scans."""


class Dataset(BaseDataset):
    """Functional MRI: deconvolution of the haemodynamic response.

    A is the causal Toeplitz matrix of nilearn's response, of peak 1, every
    t_r seconds; its first tap is 0, so that A is singular. The neural
    activity of a voxel is the sum of 3 to 7 blocks, short (1 to 3 scans) or
    long (5 to 39), in stationary AR(1) noise of correlation 0.4, or in white
    noise. H. Cherkaoui, J. Sulam and T. Moreau, Learning to solve TV
    regularised problems with unrolled algorithms, NeurIPS 2020,
    arXiv:2010.09545, section 4.2, on UK Biobank's recordings.
    """

    name = "fMRILike"
    requirements = ["pip::nilearn"]

    parameters = {
        "n_scans": [250],
        "response": ["spm"],
        "t_r": [0.735],
        "activity": ["long"],
        "noise": ["ar1"],
        "snr_db": [1.0],
        "n_train": [200],
        "n_test": [100],
    }
    test_config = {"n_scans": 60, "n_train": 30, "n_test": 20}
    test_parameters = {"activity, noise": [
        ("long", "ar1"), ("short", "gaussian")]}

    def get_data(self):
        noises = {"ar1": lambda shape, rng: ar1(*shape, rng)} | NOISES
        wrong = refusal(
            self, response=RESPONSES, noise=noises, activity=BLOCKS)
        if wrong:
            return wrong
        if not 0.1 <= self.t_r <= 4:
            return refused(f"t_r must be 0.1 to 4 s, got t_r={self.t_r}")
        hrf = sample_response(self.response, self.t_r)
        longest = max(len(hrf), BLOCKS[self.activity][1] + 1)
        if self.n_scans < longest:
            return refused(
                f"n_scans must be at least {longest}, the length of a "
                f"response and of a block, got n_scans={self.n_scans}")
        A = toeplitz(np.pad(hrf, (0, self.n_scans - len(hrf))),
                     np.zeros(self.n_scans))
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        n_samples = self.n_train + self.n_test
        u = self.neural_activity(n_samples, rng)
        noise = noises[self.noise](u.shape, rng)
        return split(A, observe(A, u, noise, self.snr_db), u, self.n_train)

    def neural_activity(self, n_samples, rng):
        """Sums of blocks of amplitude 0.5 to 1.5, (n_samples, n_scans).

        The blocks end before the last scan, so that all are seen.
        """
        u = np.zeros((n_samples, self.n_scans))
        shortest, longest = BLOCKS[self.activity]
        for row in u:
            for _ in range(rng.integers(3, 8)):
                length = rng.integers(shortest, longest + 1)
                onset = rng.integers(self.n_scans - length)
                row[onset:onset + length] += rng.uniform(0.5, 1.5)
        return u
