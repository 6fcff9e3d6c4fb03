import torch
from benchmark_utils.layer_models import SquaredError, linear_model
from benchmark_utils.layers import SimplexLayer
from benchopt import BaseDataset


class Dataset(BaseDataset):
    """What the layer decides, in a line; a reference.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report.
    name = "My-data"

    # One data set for each combination. They become attributes: self.n_dim.
    parameters = {"n_dim": [4]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    def get_data(self):
        """A dictionary: the layer, see `benchmark_utils.layers`; the model, a
        function (theta, phi) -> w, and the loss, a function (x, target) -> one
        number a row; theta_start; features phi and targets, one row a sample,
        of training and test; and the problem's name, by which tuned steps are
        found: without any, solvers other than the template need step_size=
        and, where they have one, their other number."""
        rng = torch.Generator().manual_seed(self.get_seed(use_dataset=True))
        layer = SimplexLayer(self.n_dim, gamma=1.0)
        phi = torch.randn(60, 3, generator=rng, dtype=torch.float64)
        right = torch.randn(self.n_dim, 3, generator=rng, dtype=torch.float64)
        target = layer.solve(linear_model(right, phi)).x
        return {
            "layer": layer, "model": linear_model, "loss": SquaredError(),
            "theta_start": torch.zeros_like(right), "problem": "My-data",
            "phi_train": phi[:30], "target_train": target[:30],
            "phi_test": phi[30:], "target_test": target[30:],
        }
