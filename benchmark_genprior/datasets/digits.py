import numpy as np
from benchmark_utils.generators import Recipe
from benchmark_utils.splits import problem_of
from benchopt import BaseDataset
from sklearn.datasets import load_digits


class Dataset(BaseDataset):
    """The 8 x 8 digits of scikit-learn, and a generator of them.

    The generator is trained on all but `n_test` of the 1797 images, on first
    use, in seconds: the decoder of a variational autoencoder (D. P. Kingma
    and M. Welling, ICLR 2014, arXiv:1312.6114) or the generator of a
    Wasserstein GAN (arXiv:1704.00028). The test images are held out: what is
    left of their error is that of the generator. With in_range=True what is
    measured are images of the generator.
    """

    name = "Digits"
    requirements = ["scikit-learn", "pip::torch"]

    parameters = {
        "architecture": ["fc"], "activation": ["elu"], "training": ["vae"],
        "n_latent": [16], "epochs": [100], "n_test": [50],
        "in_range": [False],
    }
    test_config = {"epochs": 2, "n_test": 4, "n_latent": 5}

    def get_data(self):
        digits = load_digits()
        recipe = Recipe(self.architecture, self.activation, self.training,
                        self.n_latent, self.epochs)
        seed = self.get_seed()
        rows = np.random.default_rng(seed).permutation(len(digits.data))
        return problem_of(recipe, digits.data[rows] / 16,
                          digits.target[rows], (8, 8), self.n_test,
                          self.in_range, seed)
