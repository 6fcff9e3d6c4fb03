import torch
from benchmark_utils.layer_models import Regret, linear_model
from benchmark_utils.quadratic_layers import PortfolioLayer
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import COUNT, POSITIVE, POSITIVE_OR_ZERO, outside


class Dataset(BaseDataset):
    """Tune a Markowitz portfolio's return forecasts by the regret they cause.

    The layer is argmin_x -<w, x> + risk/2 x'Sigma x on the simplex, with the
    forecast w = Theta phi; the loss is the regret for the returns r that were
    realised. r = B phi + C (phi^2 - 1)/2 + noise, so that no linear forecast
    is right; B and C are standard normal, Sigma = F F'/3 + diag(0.2 to 1) with
    three normal factors. Theta starts at 0, the portfolio of least risk. The
    task of S. Boyd et al. that A. Paulus, G. Martius and V. Musil tune
    (arXiv:2407.05920) has many periods and a conic policy.
    """

    name = "Portfolio"
    requirements = ["pip::torch"]

    parameters = {
        "risk": [1.0], "noise": [0.5], "n_assets": [10], "n_features": [5],
        "n_train": [200], "n_test": [500],
    }
    test_config = {"n_train": 20, "n_test": 20}

    def get_data(self):
        reason = (outside(POSITIVE, risk=self.risk)
                  or outside(POSITIVE_OR_ZERO, noise=self.noise)
                  or outside(COUNT, n_assets=self.n_assets,
                             n_features=self.n_features,
                             n_train=self.n_train, n_test=self.n_test))
        if reason:
            return refused(reason)
        rng = torch.Generator().manual_seed(self.get_seed())
        normal = {"generator": rng, "dtype": torch.float64}
        factors = torch.randn(self.n_assets, 3, **normal)
        own = 0.2 + 0.8 * torch.rand(self.n_assets, **normal)
        layer = PortfolioLayer(
            self.risk * (factors @ factors.T / 3 + own.diag()))
        n = self.n_train + self.n_test
        phi = torch.randn(n, self.n_features, **normal)
        B, C = torch.randn(2, self.n_assets, self.n_features, **normal)
        returns = phi @ B.T + (phi**2 - 1) @ C.T / 2 + (
            self.noise * torch.randn(n, self.n_assets, **normal))
        loss = Regret(layer)
        (phi_train, phi_test), (target_train, target_test) = (
            v.split([self.n_train, self.n_test])
            for v in (phi, loss.targets(returns)))
        return {
            "layer": layer, "model": linear_model, "loss": loss,
            "theta_start": torch.zeros_like(B), "phi_train": phi_train,
            "target_train": target_train, "phi_test": phi_test,
            "target_test": target_test,
            "problem": f"Portfolio {self.risk:g}",
        }
