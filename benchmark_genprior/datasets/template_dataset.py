import numpy as np
import torch
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """Where the images come from, in a line; a reference.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report.
    name = "My-data"

    # One data set for each combination. They become attributes: self.n_side.
    parameters = {"n_side": [6]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    def get_data(self):
        """A dictionary: the generator G, a torch module that maps latents
        (n, n_latent) to images (n, n_pixels); n_latent; the shape of an image;
        images in [0, 1], one a row: images_train, on which priors are tuned,
        and images_test, which are measured. Where they are digits to be
        attacked, labels_train and labels_test. A seed for measurements."""
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        n_pixels = self.n_side**2
        G = torch.nn.Sequential(
            torch.nn.Linear(4, n_pixels, bias=False), torch.nn.Sigmoid())
        weights = rng.standard_normal((n_pixels, 4))
        G[0].weight.data = torch.as_tensor(weights, dtype=torch.float32)
        G.requires_grad_(False)
        return {
            "G": G, "n_latent": 4, "shape": (self.n_side, self.n_side),
            "images_train": rng.random((10, n_pixels)),
            "images_test": rng.random((8, n_pixels)),
        }
