import numpy as np
from benchmark_utils.pictures import observed
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import COUNT, outside

N_SHAPES = 6
"""Discs and boxes in a cartoon."""


class Dataset(BaseDataset):
    """Cartoons: discs and boxes of constant grey, blurred or not, in noise.

    The images that total variation is made for: L. Rudin, S. Osher and E.
    Fatemi, Nonlinear total variation based noise removal algorithms, Physica
    D 60, 1992, doi:10.1016/0167-2789(92)90242-F.
    """

    name = "Simulated"

    parameters = {
        "size": [32],
        "blur, noise": [(0.0, 0.1), (1.0, 0.02)],
        "n_train": [50],
        "n_test": [10],
    }
    test_config = {"size": 8, "n_train": 10, "n_test": 4}

    def get_data(self):
        reason = outside(COUNT, size=self.size, n_train=self.n_train,
                         n_test=self.n_test)
        if reason:
            return refused(reason)
        rng = np.random.default_rng(self.get_seed(use_dataset=True))
        u = np.array([cartoon(self.size, rng)
                      for _ in range(self.n_train + self.n_test)])
        return observed(u, self.n_train, self.n_test, self.blur, self.noise,
                        rng)


def cartoon(size, rng):
    """One image, (size, size), later shapes over earlier ones."""
    image = np.full((size, size), rng.random())
    y, x = (np.arange(size) + 0.5)[:, None], np.arange(size) + 0.5
    for _ in range(N_SHAPES):
        centre, radii = rng.random(2) * size, rng.uniform(0.1, 0.35, 2) * size
        down, right = abs(y - centre[0]), abs(x - centre[1])
        inside = ((down**2 + right**2 < radii[0] ** 2)
                  if rng.random() < 0.5
                  else (down < radii[0]) & (right < radii[1]))
        image[inside] = rng.random()
    return image
