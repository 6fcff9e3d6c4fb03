"""The images that both data sets of digits share."""
import numpy as np
from sklearn.datasets import load_digits


def shuffled_digits(seed):
    """The 1797 digits of scikit-learn in random order.

    Returns
    -------
    ndarray, shape (1797, 64), of pixels in [0, 1]
    ndarray of int, shape (1797,), the digits
    """
    digits = load_digits()
    rows = np.random.default_rng(seed).permutation(len(digits.data))
    return digits.data[rows] / 16, digits.target[rows]
