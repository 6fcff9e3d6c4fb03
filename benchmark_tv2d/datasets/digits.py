import numpy as np
from benchmark_utils.pictures import observed
from benchopt import BaseDataset
from sklearn.datasets import load_digits

from unrolling.data import refused
from unrolling.options import COUNT, outside


class Dataset(BaseDataset):
    """The 8 x 8 digits of scikit-learn, blurred or not, in noise.

    F. Pedregosa et al., Scikit-learn: machine learning in Python, J. Mach.
    Learn. Res. 12, 2011; the images are of E. Alpaydin and C. Kaynak, 1998,
    doi:10.24432/C50P49.
    """

    name = "Digits"
    requirements = ["scikit-learn"]

    parameters = {
        "blur, noise": [(0.0, 0.1)],
        "n_train": [200],
        "n_test": [100],
    }
    test_config = {"n_train": 10, "n_test": 4}

    def get_data(self):
        reason = outside(COUNT, n_train=self.n_train, n_test=self.n_test)
        if reason:
            return refused(reason)
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        images = load_digits().images / 16
        images = images[rng.permutation(len(images))]
        return observed(images[:self.n_train + self.n_test], self.n_train,
                        self.n_test, self.blur, self.noise, rng)
