"""Sparse codes of samples of any size, block by block, by any method.

The code of x minimises F_x with lmbd = reg * lmbd_max(x), where
lmbd_max(x) = ||D'x||_inf is the least penalty for which z = 0 is optimal. A
sample and its code are scaled alike, so each block is solved in the unit where
lmbd_max = 1: the one in which networks are trained.
"""
import importlib
from numbers import Integral, Real
from typing import NamedTuple

import numpy as np

from unrolling.lasso.problem import duality_gap, lasso_cost
from unrolling.lasso.solve import solve_lasso
from unrolling.parallel import slices

NETWORKS = {
    "step-lista": "StepLISTA",
    "lista": "LISTA",
    "coupled-lista": "CoupledLISTA",
    "learned-fista": "LearnedFISTA",
}
"""The methods that learn, and their classes in `unrolling.lasso.networks`."""

METHODS = ("active-set", "fista", *NETWORKS)

BLOCK_BYTES = 2**27
"""Size of the dense codes of a block, float64. An exact solver sets itself up
for each block, so blocks are as large as its own arrays may be."""


class Block(NamedTuple):
    """Some samples in the unit where lmbd_max = 1, and their codes."""

    rows: slice
    """Which of the samples."""
    scale: np.ndarray
    """(n, 1), lmbd_max of each sample; 1 where that is zero."""
    x: np.ndarray
    """(n, n_dim), samples divided by their scale."""
    z: np.ndarray
    """(n, n_atoms), codes divided by the scale of their sample."""


class Coder:
    """The codes over one dictionary, by one method.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms), float64
    reg : float in (0, 1]
    method : one of METHODS
    tol : float
        Relative duality gap that exact methods reach.
    network : LassoNetwork or None
        The trained network of a method that learns, for lmbd = reg.
    """

    def __init__(self, D, reg, method, tol, network=None):
        self.D, self.reg, self.method, self.tol = D, reg, method, tol
        self.network = network

    def train(self, X, n_layers, seed):
        """Train a network of so many layers on X (n_samples, n_dim)."""
        network = network_class(self.method)(self.D, self.reg)
        network.fit(self.scaled(X)[1], n_layers=n_layers, seed=seed)
        self.network = network

    def scaled(self, X):
        """lmbd_max of each sample, (n_samples, 1), and X over it, float64.

        Samples of any finite size stay so: none overflows on the way.
        """
        x = np.array(X, dtype=float)
        peak = nonzero(abs(x).max(axis=1, keepdims=True))
        x /= peak
        top = nonzero(abs(x @ self.D).max(axis=1, keepdims=True))
        x /= top
        return peak * top, x

    def blocks(self, X):
        """Yield the codes of X (n_samples, n_dim), block by block."""
        size = max(1, BLOCK_BYTES // (8 * self.D.shape[1]))
        for rows in slices(len(X), size):
            scale, x = self.scaled(X[rows])
            yield Block(rows, scale, x, self.code(x))

    def code(self, x):
        """Codes of samples with lmbd_max = 1, ndarray (n, n_atoms)."""
        if self.network is not None:
            return self.network(x)
        solve = solve_lasso
        if self.method == "fista":
            solve = importlib.import_module("unrolling.lasso.fista").fista
        return solve(self.D, x, self.reg, self.tol).z

    def gaps(self, block):
        """Relative duality gaps of a block's codes, (n,)."""
        return duality_gap(block.z, self.D, block.x, self.reg)

    def costs(self, block):
        """F_x of a block's codes, (n,), in the square of the samples' unit."""
        cost = lasso_cost(block.z, self.D, block.x, self.reg)
        return cost * block.scale[:, 0]**2


def check_method(method, reg, tol):
    """Raise ValueError where they are none, and say what was expected."""
    if method not in METHODS:
        raise ValueError(f"method must be one of {METHODS}, got {method!r}")
    if not (isinstance(reg, Real) and 0 < reg <= 1):
        raise ValueError(
            f"reg must be a number in (0, 1], got {reg!r}: it is a share of "
            "each sample's lmbd_max, above which its code is zero")
    if not (isinstance(tol, Real) and 0 < tol < np.inf):
        raise ValueError(
            f"tol must be a positive number, got {tol!r}: it is the relative "
            "duality gap to reach")


def check_count(name, value):
    """Raise ValueError unless a parameter is an integer of at least 1."""
    if not (isinstance(value, Integral) and value >= 1):
        raise ValueError(
            f"{name} must be an integer of at least 1, got {value!r}")


def network_class(method):
    """The class of a method that learns; torch is imported for it alone."""
    networks = importlib.import_module("unrolling.lasso.networks")
    return getattr(networks, NETWORKS[method])


def nonzero(scale):
    """The scale, 1 where it is zero."""
    return np.where(scale > 0, scale, 1)
