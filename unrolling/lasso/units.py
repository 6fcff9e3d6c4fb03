"""Units of a Lasso problem in which nothing overflows or vanishes.

With D = 2^-d D', x = 2^-e x' and lmbd = 2^-(d + e) lmbd', the solutions are
z = 2^(d - e) z', and the relative duality gaps are the same. Powers of two
leave the digits as they are.
"""
from typing import NamedTuple

import numpy as np
from scipy.sparse import issparse

from unrolling.linear import squared_norms

WIDTH = 2.0**100
"""Sizes between 1 / WIDTH and WIDTH stay as they are: the products of four
such numbers, as in a cost, are far from the limits of float64, 2^1023."""

LARGEST = np.finfo(float).max


class Units(NamedTuple):
    """Binary exponents of the factors of D and of each sample."""

    D: int
    x: np.ndarray
    """(n_samples, 1) or (1, 1)"""

    @property
    def are_given(self):
        """Whether the problem stays as it is."""
        return not self.D and not self.x.any()


GIVEN = Units(0, np.zeros((1, 1), int))
"""The units that any problem is given in."""


def units(D, x, width=WIDTH):
    """The units of a problem.

    Parameters
    ----------
    D : ndarray or csc_array, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    width : float
        Sizes between 1 / width and width stay as they are.
    """
    values = D.data if issparse(D) else D
    size = max(values.max(initial=0), -values.min(initial=0))
    sizes = np.maximum(x.max(axis=1, initial=0), -x.min(axis=1, initial=0))
    return Units(int(exponents(size, width)),
                 exponents(sizes, width)[:, None])


def are_ordinary(D, x):
    """Whether D is dense, all is finite, and no atom and no sample is zero
    or has a largest |entry| that may not stay.

    True is certain, False is not: one pass over the entries tells.
    """
    return not issparse(D) and all(
        _are_ordinary(rows) for rows in (D.T, x))


def _are_ordinary(rows):
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        norm2 = squared_norms(rows)
    # the square of the largest entry is between norm2 / n and norm2
    return bool(((norm2 > rows.shape[1] / WIDTH**2)
                 & (norm2 < WIDTH**2)).all())


def exponents(sizes, width=WIDTH):
    """e such that 2^e sizes are in [1/2, 1); zero where they may stay."""
    stay = (sizes == 0) | ((sizes > 1 / width) & (sizes < width))
    return np.where(stay, 0, -np.frexp(sizes)[1])


def to_units(unit, D, x, lmbd, z):
    """The problem D', x', lmbd' and a point z' in these units.

    A penalty or a point that float64 cannot express becomes the largest
    number.

    Parameters
    ----------
    unit : Units
    D, x : as for `units`
    lmbd : ndarray, shape (n_samples, n_regs)
    z : ndarray, shape (n_samples, n_atoms), or None
    """
    if unit.are_given:
        return D, x, lmbd, z
    if unit.D:
        D = D.copy()
        values = D.data if issparse(D) else D
        np.ldexp(values, unit.D, out=values)
    with np.errstate(over="ignore", under="ignore"):
        x = np.ldexp(x, unit.x)
        lmbd = np.ldexp(lmbd, unit.D + unit.x)
    return (D, x, np.minimum(lmbd, LARGEST),
            None if z is None else point_to_units(unit, z))


def point_to_units(unit, z):
    """A point z (n_samples, n_atoms) in these units, as `to_units`."""
    with np.errstate(over="ignore", under="ignore"):
        z = np.ldexp(z, unit.x - unit.D)
    return np.clip(z, -LARGEST, LARGEST)


def penalties_from_units(unit, lmbd):
    """Penalties (n_samples, n_regs) in the units of the input."""
    with np.errstate(over="ignore", under="ignore"):
        return np.ldexp(lmbd, -unit.D - unit.x)


def from_units(unit, z):
    """Points (n_samples, n_regs, n_atoms) in the units of the input."""
    with np.errstate(over="ignore", under="ignore"):
        return np.ldexp(z, (unit.D - unit.x)[:, None])
