from numbers import Integral

import numpy as np
from benchmark_utils.nonlinear_samples import (
    reason_against,
    samples_of,
    split_sizes,
)
from benchmark_utils.windowed import (
    WINDOW,
    WindowedQuadratic,
    random_signals,
    random_weights,
)
from benchopt import BaseDataset

from unrolling.data import refused
from unrolling.options import POSITIVE_OR_ZERO, Range

LENGTH = Range(Integral, lambda v: v >= WINDOW, f"an integer >= {WINDOW}")


class Dataset(BaseDataset):
    """Nonlinear deconvolution: windows of a signal, a quadratic form of each.

    y_i = a w_i' W1 w_i + W2' w_i for the 12 windows w_i, 9 long, of a signal
    of 53 entries; a = 0 is linear. W1, W2 and signals are drawn by the seed,
    the same for every a. With reference_jacobian=True methods get the
    Jacobian of the authors' code, which is wrong. Q. Zhou, J. Qian, J. Tang
    and J. Li, Deep unrolling networks with recurrent momentum acceleration
    for nonlinear inverse problems, Inverse Problems 40(5), 2024,
    arXiv:2307.16120.
    """

    name = "Deconvolution"
    requirements = ["scipy"]

    parameters = {
        "a": [1.0], "noise": [0.0], "n_train": [1000], "n_val": [200],
        "n_test": [200], "n_x": [53], "reference_jacobian": [False],
    }
    test_config = {"n_train": 20, "n_val": 10, "n_test": 5}

    def get_data(self):
        reason = reason_against(self, a=POSITIVE_OR_ZERO, n_x=LENGTH)
        if reason:
            return refused(reason)
        rng = np.random.default_rng(self.get_seed())
        sizes = split_sizes(self)
        W1, W2 = random_weights(rng)
        x = random_signals(sum(sizes), self.n_x, rng)
        true, K = (WindowedQuadratic(self.n_x, self.a, W1, W2, symmetric)
                   for symmetric in (False, self.reference_jacobian))
        return samples_of(
            K, x, true.forward(x), sizes, self.noise, np.zeros(self.n_x), rng)
