import numpy as np
from benchmark_utils.nonlinear_operator import Linearisation, Operator
from benchopt import BaseDataset


class Cubic(Operator):
    """y = A (x + x^3 / 3), entry by entry, of x (n_samples, n_x)."""

    def __init__(self, A):
        self.A, self.settings = A, ["cubic", A]
        self.n_y, self.n_x = A.shape

    def at(self, x):
        """K(x), r -> J(x)' r, d -> J(x) d and () -> J(x), for rows of x."""
        slope = 1 + x**2
        return Linearisation(
            (x + x**3 / 3) @ self.A.T, lambda r: slope * (r @ self.A),
            lambda d: (slope * d) @ self.A.T,
            lambda: self.A * slope[:, None, :])


class Dataset(BaseDataset):
    """Where the samples come from, in a line; a reference.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report.
    name = "My-data"

    # One data set for each combination. They become attributes: self.n_x.
    parameters = {"n_x": [10]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    def get_data(self):
        """A dictionary: the operator K; a point, `background`, at which
        methods linearise and from which they start; samples x (n, n_x) and
        their data y (n, n_y), to train, to choose, to test."""
        rng = np.random.default_rng(self.get_seed())
        K = Cubic(rng.standard_normal((self.n_x, self.n_x)) / self.n_x**0.5)
        data = {"K": K, "background": np.zeros(self.n_x)}
        for split, n_samples in (("train", 50), ("val", 10), ("test", 10)):
            x = rng.uniform(-1, 1, (n_samples, self.n_x))
            data |= {f"x_{split}": x, f"y_{split}": K.forward(x)}
        return data
