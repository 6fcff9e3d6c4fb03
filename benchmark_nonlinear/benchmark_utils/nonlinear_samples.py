"""Samples of a problem y = K(x): those that train, choose and test."""
from typing import NamedTuple

import numpy as np

from unrolling.options import COUNT, POSITIVE_OR_ZERO, first_outside

SPLITS = "train", "val", "test"


class Samples(NamedTuple):
    """Rows that belong together."""

    x: np.ndarray
    """The truth, (n_samples, n_x)."""
    y: np.ndarray
    """Data, (n_samples, n_y)."""
    start: np.ndarray = None
    """Initial guesses, (n_samples, n_x); None for test samples, whose guesses
    a method makes itself."""

    def rows(self, index):
        """Some of the samples."""
        return Samples(*(v[index] for v in self))


def split_sizes(dataset):
    """n_train, n_val and n_test of a data set with such parameters."""
    return [getattr(dataset, f"n_{split}") for split in SPLITS]


def reason_against(dataset, **ranges):
    """Why a data set's parameters are refused, or None.

    Parameters
    ----------
    dataset : instance with n_train, n_val, n_test and noise
    **ranges : parameter -> Range
    """
    ranges |= {f"n_{split}": COUNT for split in SPLITS} | {
        "noise": POSITIVE_OR_ZERO}
    return first_outside(dataset, ranges)


def samples_of(K, x, y, sizes, noise, background, rng):
    """What `get_data` returns, for exact data y of x.

    Normal noise, of `noise` times the largest |y| of the sample, is added.
    """
    size = noise * abs(y).max(axis=1, keepdims=True)
    y = y + size * rng.standard_normal(y.shape)
    ends = np.cumsum(sizes)[:-1]
    return {"K": K, "background": background} | {
        f"{name}_{split}": part for name, v in (("x", x), ("y", y))
        for split, part in zip(SPLITS, np.split(v, ends), strict=True)}
