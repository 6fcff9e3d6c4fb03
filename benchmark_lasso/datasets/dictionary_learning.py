import numpy as np
from benchopt import BaseDataset
from sklearn.datasets import load_digits
from sklearn.decomposition import MiniBatchDictionaryLearning

from unrolling.data import refused
from unrolling.data.images import normalise


class Dataset(BaseDataset):
    """Patches of the 8 x 8 digits, and a dictionary learned on them.

    Atoms are learned with scikit-learn on the training patches: J. Mairal, F.
    Bach, J. Ponce and G. Sapiro, Online learning for matrix factorization and
    sparse coding, J. Mach. Learn. Res. 11, 2010, arXiv:0908.0050. Patches are
    centred and of unit norm; the test set's come from other images.
    """

    name = "DictionaryLearning"
    requirements = ["scikit-learn"]

    parameters = {
        "patch_size": [6],
        "n_atoms": [144],
        "n_train": [1000],
        "n_test": [500],
    }
    test_config = {"patch_size": 4, "n_atoms": 20, "n_train": 100,
                   "n_test": 50}

    def get_data(self):
        if not 2 <= self.patch_size <= 8:
            return refused(f"patch_size must be 2 to 8, got patch_size="
                           f"{self.patch_size}")
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        images = rng.permutation(load_digits().images)
        n_seen = len(images) * 2 // 3
        seen, unseen = (
            rng.permutation(patches(part, self.patch_size))
            for part in (images[:n_seen], images[n_seen:]))
        for name, wanted, there in (("n_train", self.n_train, len(seen)),
                                    ("n_test", self.n_test, len(unseen))):
            if wanted > there:
                return refused(f"{name} must be at most {there}, the patches "
                               f"there are, got {name}={wanted}")
        learning = MiniBatchDictionaryLearning(
            self.n_atoms, alpha=0.1, batch_size=64, max_iter=1,
            fit_algorithm="cd", transform_max_iter=100_000,
            random_state=self.get_seed(use_dataset=True))
        return {
            "D": learning.fit(seen).components_.T.copy(),
            "x_train": seen[:self.n_train],
            "x_test": unseen[:self.n_test],
        }


def patches(images, size):
    """All size x size windows of the images, normalised, as rows."""
    windows = np.lib.stride_tricks.sliding_window_view(
        images, (size, size), axis=(1, 2))
    return normalise(windows.reshape(-1, size**2))
