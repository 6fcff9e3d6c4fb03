import torch
from benchmark_utils.layer_models import SquaredError, log_weights
from benchmark_utils.quadratic_layers import WeightedL1Layer
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import COUNT, POSITIVE, POSITIVE_OR_ZERO, outside

RIDGE = 0.05
"""Twice the factor of ||x||^2, which keeps the layer's solution unique."""


class Dataset(BaseDataset):
    """Learn the l_1 weights of an inverse problem, one for each coordinate.

    x*(theta) = argmin 1/2 ||A x - y||^2 + 0.025 ||x||^2 + sum_i exp(theta_i)
    |x_i|, for y = A x + noise; each coordinate of x is active with probability
    0.02 or 0.5 and then standard normal, and A is normal with variance
    1/n_meas. theta starts at log(weight). With weight = 2 most entries of the
    solutions are 0, and so are their derivatives. Bilevel learning of such
    weights: Q. Bertrand et al., Implicit differentiation of Lasso-type models
    for hyperparameter optimization, ICML 2020, arXiv:2002.08943.
    """

    name = "Weighted-l1"
    requirements = ["pip::torch"]

    parameters = {
        "weight": [0.4], "noise": [0.1], "n_dim": [40], "n_meas": [30],
        "n_train": [64], "n_test": [200],
    }
    test_config = {"n_dim": 8, "n_meas": 6, "n_train": 10, "n_test": 10}

    def get_data(self):
        reason = (outside(POSITIVE, weight=self.weight)
                  or outside(POSITIVE_OR_ZERO, noise=self.noise)
                  or outside(COUNT, n_dim=self.n_dim, n_meas=self.n_meas,
                             n_train=self.n_train, n_test=self.n_test))
        if reason:
            return refused(reason)
        rng = torch.Generator().manual_seed(self.get_seed())
        normal = {"generator": rng, "dtype": torch.float64}
        A = torch.randn(self.n_meas, self.n_dim, **normal) / self.n_meas**0.5
        shape = self.n_train + self.n_test, self.n_dim
        rate = torch.where(torch.arange(self.n_dim) % 2 == 0, 0.02, 0.5)
        x = torch.randn(shape, **normal) * (
            torch.rand(shape, **normal) < rate)
        y = x @ A.T + self.noise * torch.randn(
            shape[0], self.n_meas, **normal)
        (phi_train, phi_test), (target_train, target_test) = (
            v.split([self.n_train, self.n_test]) for v in (y @ A, x))
        ridge = RIDGE * torch.eye(self.n_dim, dtype=torch.float64)
        return {
            "layer": WeightedL1Layer(A.T @ A + ridge), "model": log_weights,
            "loss": SquaredError(), "theta_start": torch.full(
                (self.n_dim,), self.weight, dtype=torch.float64).log(),
            "phi_train": phi_train, "target_train": target_train,
            "phi_test": phi_test, "target_test": target_test,
            "problem": f"Weighted-l1 {self.weight:g}",
        }
