"""What every page shows alike: colours, and numbers that can be drawn."""

from collections.abc import Iterable
from numbers import Real

import numpy as np

# Okabe and Ito's colours, which colour-blind readers tell apart, three darker
# ones, and black.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00",
           "#7A5195", "#8C6D31", "#B2182B", "#1B1F24"]
GREY = "#6B7280"


def numbers(values):
    """Return the finite numbers in nested lists.

    Parameters
    ----------
    values : a number, a text, None, or nested lists of these

    Returns
    -------
    ndarray, shape (n_finite,)
    """
    flat = np.fromiter(_flat(values), float)
    return flat[np.isfinite(flat)]


def _flat(values):
    if isinstance(values, Real):
        yield values
    elif isinstance(values, Iterable) and not isinstance(values, str):
        for value in values:
            yield from _flat(value)
