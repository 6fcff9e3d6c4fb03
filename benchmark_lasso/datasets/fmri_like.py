import numpy as np
from benchopt import BaseDataset
from scipy.linalg import toeplitz

from unrolling.data import refused
from unrolling.data.fmri import RESPONSES, ar1, sample_response


class Dataset(BaseDataset):
    """Functional MRI: deconvolution of the BOLD response.

    Atoms are the haemodynamic response (nilearn's) to a neural event at each
    scan, one every t_r seconds: paradigm free mapping, C. Caballero Gaudes et
    al., Hum. Brain Mapp. 34(3), 2013, doi:10.1002/hbm.21452. A finer grid of
    onsets adds nothing where t_r is 1 s, far below the 5 s of the response.
    Events in the last scans, whose peak is not seen, are left out: at unit
    norm, their atoms would be spikes that fit single scans. Samples are
    voxels whose neural activity z >= 0 is sparse, events or blocks of 4 to 12
    s, 20 s apart on average, in AR(1) noise of correlation 0.4.
    """

    name = "fMRILike"
    requirements = ["pip::nilearn"]

    parameters = {
        "n_scans": [250],
        "activity": ["events"],
        "response": ["spm"],
        "t_r": [1.0],
        "snr_db": [5.0],
        "n_train": [500],
        "n_test": [200],
    }
    test_config = {"n_scans": 60, "n_train": 50, "n_test": 20}
    test_parameters = {"activity": ["events", "blocks"]}

    def get_data(self):
        for name, known in (("activity", ["events", "blocks"]),
                            ("response", list(RESPONSES))):
            if getattr(self, name) not in known:
                return refused(f"{name} must be {' or '.join(known)}, got "
                               f"{name}={getattr(self, name)}")
        if not 0.1 <= self.t_r <= 4:
            return refused(f"t_r must be 0.1 to 4 s, got t_r={self.t_r}")
        hrf = sample_response(self.response, self.t_r)
        if self.n_scans < len(hrf):
            return refused(
                f"n_scans must be at least {len(hrf)}, the length of a "
                f"response, got n_scans={self.n_scans}")
        D = convolution(hrf, self.n_scans)
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        data = {"D": D}
        for part, n_samples in (("train", self.n_train),
                                ("test", self.n_test)):
            z = self.neural_activity(n_samples, D.shape[1], rng)
            noise = ar1(n_samples, self.n_scans, rng)
            bold = z @ D.T
            level = np.sqrt((bold**2).mean(axis=1, keepdims=True))
            data |= {f"x_{part}": bold + 10 ** (-self.snr_db / 20) * level
                     * noise, f"z_{part}": z}
        return data

    def neural_activity(self, n_samples, n_onsets, rng):
        """Sparse z >= 0, (n_samples, n_onsets); at least an event each."""
        starts = rng.random((n_samples, n_onsets)) < self.t_r / 20
        starts[np.arange(n_samples), rng.integers(n_onsets, size=n_samples)
               ] = True
        z = starts * rng.uniform(0.5, 1.5, starts.shape)
        if self.activity == "blocks":
            for sample, onset in np.argwhere(starts):
                length = max(round(rng.uniform(4, 12) / self.t_r), 1)
                z[sample, onset:onset + length] = z[sample, onset]
        return z


def convolution(hrf, n_scans):
    """Toeplitz matrix of the responses to an event at each scan.

    (n_scans, n_scans - peak), with peak the scan of the response's maximum.
    """
    column = np.zeros(n_scans)
    column[:len(hrf)] = hrf
    return toeplitz(column, np.zeros(n_scans - hrf.argmax()))
