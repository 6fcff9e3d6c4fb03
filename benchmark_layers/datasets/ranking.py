from numbers import Integral

import torch
from benchmark_utils.layer_models import SquaredError, linear_model
from benchmark_utils.layers import PermutahedronLayer
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import COUNT, POSITIVE, POSITIVE_OR_ZERO, Range, outside

SEVERAL = Range(Integral, lambda v: v >= 2, "an integer >= 2")


class Dataset(BaseDataset):
    """Label ranking: predict the order of labels by soft ranks.

    The layer returns soft ranks of the scores w = Theta phi in [0, 1]. Targets
    are the hard ranks of scores of a normal Theta with normal noise; the start
    is normal, too. With gamma = 0.01 most soft ranks are hard ones, where the
    derivative is 0. M. Blondel, O. Teboul, Q. Berthet and J. Djolonga, Fast
    differentiable sorting and ranking, ICML 2020, arXiv:2002.08871.
    """

    name = "Ranking"
    requirements = ["pip::torch"]

    parameters = {
        "gamma": [1.0], "noise": [0.5], "n_labels": [8], "n_features": [5],
        "n_train": [200], "n_test": [200],
    }
    test_config = {"n_train": 20, "n_test": 20}

    def get_data(self):
        reason = (outside(POSITIVE, gamma=self.gamma)
                  or outside(POSITIVE_OR_ZERO, noise=self.noise)
                  or outside(SEVERAL, n_labels=self.n_labels)
                  or outside(COUNT, n_features=self.n_features,
                             n_train=self.n_train, n_test=self.n_test))
        if reason:
            return refused(reason)
        rng = torch.Generator().manual_seed(self.get_seed())
        normal = {"generator": rng, "dtype": torch.float64}
        phi = torch.randn(
            self.n_train + self.n_test, self.n_features, **normal)
        expert, start = torch.randn(
            2, self.n_labels, self.n_features, **normal)
        scores = linear_model(expert, phi)
        scores += self.noise * torch.randn(scores.shape, **normal)
        ranks = scores.argsort(1).argsort(1).double() / (self.n_labels - 1)
        (phi_train, phi_test), (target_train, target_test) = (
            v.split([self.n_train, self.n_test]) for v in (phi, ranks))
        return {
            "layer": PermutahedronLayer(self.n_labels, self.gamma),
            "model": linear_model, "loss": SquaredError(),
            "theta_start": start, "phi_train": phi_train,
            "target_train": target_train, "phi_test": phi_test,
            "target_test": target_test,
            "problem": f"Ranking {self.gamma:g}",
        }
