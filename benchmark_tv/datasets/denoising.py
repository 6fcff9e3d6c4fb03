import numpy as np
from benchmark_utils.signals import NOISES, SIGNALS, observe, refusal, split
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Denoising, A = I: the prox of the total variation itself.

    L. Condat, A direct algorithm for 1-D total variation denoising, IEEE
    Signal Process. Lett. 20(11), 2013, doi:10.1109/LSP.2013.2278339.
    """

    name = "Denoising"

    parameters = {
        "n_times": [250],
        "signals": ["blocks"],
        "noise": ["gaussian"],
        "density": [0.04],
        "snr_db": [5.0],
        "n_train": [200],
        "n_test": [200],
    }
    test_config = {"n_times": 20, "n_train": 30, "n_test": 20}
    test_parameters = {
        "signals, noise": [("blocks", "gaussian"), ("sinus", "laplace")]}

    def get_data(self):
        wrong = refusal(self, signals=SIGNALS, noise=NOISES)
        if wrong:
            return wrong
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        n_samples = self.n_train + self.n_test
        u = SIGNALS[self.signals](n_samples, self.n_times, self.density, rng)
        noise = NOISES[self.noise](u.shape, rng)
        x = observe(None, u, noise, self.snr_db)
        return split(np.eye(self.n_times), x, u, self.n_train)
