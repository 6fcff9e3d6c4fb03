"""The images that both data sets of digits share."""
from numbers import Integral

import numpy as np
from sklearn.datasets import load_digits

from unrolling.options import Range

N_DIGITS = 1797
HELD_OUT = Range(Integral, lambda v: 1 <= v < N_DIGITS,
                 f"an integer from 1 to {N_DIGITS - 1}")
"""How many may be held out: one at least trains."""


def shuffled_digits(seed):
    """The N_DIGITS digits of scikit-learn in random order.

    Returns
    -------
    ndarray, shape (N_DIGITS, 64), of pixels in [0, 1]
    ndarray of int, shape (N_DIGITS,), the digits
    """
    digits = load_digits()
    rows = np.random.default_rng(seed).permutation(len(digits.data))
    return digits.data[rows] / 16, digits.target[rows]
