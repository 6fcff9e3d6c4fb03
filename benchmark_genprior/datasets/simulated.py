import numpy as np
import torch
from benchmark_utils.generators import ACTIVATIONS, fully_connected
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import COUNT, outside


class Dataset(BaseDataset):
    """Images in the range of a random generator, without any training.

    Two hidden layers whose weights are normal, as in the theory of P. Hand and
    V. Voroninski, Global guarantees for enforcing deep generative priors by
    empirical risk, IEEE Trans. Inf. Theory 66(1), 2020, arXiv:1705.07576.
    """

    name = "Simulated"
    requirements = ["pip::torch"]

    parameters = {
        "n_side": [12], "n_latent": [8], "activation": ["elu"],
        "n_test": [50],
    }
    test_config = {"n_side": 6, "n_latent": 3, "n_test": 5}

    def get_data(self):
        reason = outside(COUNT, n_side=self.n_side, n_latent=self.n_latent,
                         n_test=self.n_test)
        if reason:
            return refused(reason)
        if self.activation not in ACTIVATIONS:
            return refused(f"activation must be {' or '.join(ACTIVATIONS)}, "
                           f"got activation={self.activation}")
        shape = self.n_side, self.n_side
        seed = self.get_seed(use_dataset=True)
        generator = torch.Generator().manual_seed(seed)
        G = fully_connected(
            shape, self.n_latent, ACTIVATIONS[self.activation], width=64)
        for parameter in G.parameters():
            scale = (2 / parameter.shape[-1]) ** 0.5 * (parameter.ndim > 1)
            parameter.data = scale * torch.randn(
                parameter.shape, generator=generator)
        G.requires_grad_(False)
        z = torch.randn(self.n_test + 50, self.n_latent, generator=generator)
        images = G(z).double().numpy().clip(0, 1)
        return {
            "G": G, "seed": seed, "n_latent": self.n_latent, "shape": shape,
            "images_train": images[self.n_test:],
            "images_test": np.ascontiguousarray(images[:self.n_test]),
        }
