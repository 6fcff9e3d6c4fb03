import torch
from benchmark_utils.layer_models import SquaredError, linear_model
from benchmark_utils.layers import EntropyLayer, SimplexLayer
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import COUNT, POSITIVE, outside

LAYERS = {"quadratic": SimplexLayer, "entropy": EntropyLayer}


class Dataset(BaseDataset):
    """Imitate an expert: argmin of -<w, x> + gamma Omega(x) on the simplex.

    w = Theta phi; features, the expert's Theta and the start are standard
    normal, and the targets are the expert's solutions. Omega is ||x||^2 / 2 or
    the negative entropy. With gamma = 0.01 most solutions are vertices, where
    the quadratic layer's derivative is 0. The quadratic layer is sparsemax:
    A. Martins and R. Astudillo, ICML 2016, arXiv:1602.02068.
    """

    name = "Simplex"
    requirements = ["pip::torch"]

    parameters = {
        "gamma": [1.0], "regularizer": ["quadratic"], "n_dim": [10],
        "n_features": [5], "n_train": [200], "n_test": [200],
    }
    test_config = {"n_train": 20, "n_test": 20}

    def get_data(self):
        if self.regularizer not in LAYERS:
            return refused(f"regularizer must be one of {', '.join(LAYERS)}, "
                           f"got regularizer={self.regularizer}")
        reason = outside(POSITIVE, gamma=self.gamma) or outside(
            COUNT, n_dim=self.n_dim, n_features=self.n_features,
            n_train=self.n_train, n_test=self.n_test)
        if reason:
            return refused(reason)
        rng = torch.Generator().manual_seed(self.get_seed())
        normal = {"generator": rng, "dtype": torch.float64}
        layer = LAYERS[self.regularizer](self.n_dim, self.gamma)
        phi = torch.randn(
            self.n_train + self.n_test, self.n_features, **normal)
        expert, start = torch.randn(
            2, self.n_dim, self.n_features, **normal)
        target = layer.solve(linear_model(expert, phi)).x
        (phi_train, phi_test), (target_train, target_test) = (
            v.split([self.n_train, self.n_test]) for v in (phi, target))
        return {
            "layer": layer, "model": linear_model, "loss": SquaredError(),
            "theta_start": start, "phi_train": phi_train,
            "target_train": target_train, "phi_test": phi_test,
            "target_test": target_test,
            "problem": f"Simplex {self.regularizer} {self.gamma:g}",
        }
