"""Sparse codes of samples of any size, block by block, by any method.

The code of x minimises F_x with lmbd = reg * lmbd_max(x), where
lmbd_max(x) = ||D'x||_inf is the least penalty for which z = 0 is optimal. A
sample and its code are scaled alike, so each block is solved in the unit where
lmbd_max = 1: the one in which networks are trained. A dictionary of extreme
scale is multiplied by a power of two first, and so is each code.
"""
from numbers import Real
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, vstack

from unrolling.lasso.problem import duality_gap, lasso_cost
from unrolling.lasso.solve import solve_lasso
from unrolling.lasso.units import exponents
from unrolling.options import COUNT, POSITIVE, check_options
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
    """(n, 1), lmbd_max of each sample with the scaled dictionary; 1 where
    that is zero."""
    x: np.ndarray
    """(n, n_dim), samples divided by their scale."""
    z: np.ndarray
    """(n, n_atoms), codes over the scaled dictionary, divided by the scale of
    their sample."""


class Coder:
    """The codes over one dictionary, by one method.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms), float64
    reg : float in (0, 1]
    method : one of METHODS
    tol : float
        Relative duality gap that exact methods reach.
    n_layers : int
        Layers of a network.

    Raises
    ------
    ValueError
        A parameter that is none of these.
    """

    def __init__(self, D, *, reg, method, tol, n_layers):
        self.D, self.reg, self.method = D, reg, method
        self.exponent = int(exponents(abs(D).max()))
        self.scaled_D = np.ldexp(D, self.exponent)
        self.tol, self.n_layers = tol, n_layers
        self.network = None

    @property
    def settings(self):
        """The arguments of the constructor but D, JSON."""
        return {name: getattr(self, name)
                for name in ("reg", "method", "tol", "n_layers")}

    def untrained(self):
        """A network without layers, or None if the method learns nothing."""
        if self.method not in NETWORKS:
            return None
        from unrolling.lasso import networks  # which needs torch

        return getattr(networks, NETWORKS[self.method])(
            self.scaled_D, self.reg)

    def train(self, X, seed):
        """Train a network, if it is one, on X (n_samples, n_dim)."""
        self.network = self.untrained()
        if self.network is not None:
            self.network.fit(
                scaled(X, self.scaled_D)[1], n_layers=self.n_layers,
                seed=seed)

    @property
    def parameters(self):
        """Parameters of the network, ndarrays by name; none if exact."""
        if self.network is None:
            return {}
        return {name: value.numpy(force=True)
                for name, value in self.network.named_parameters().items()}

    @parameters.setter
    def parameters(self, values):
        self.network = self.untrained()
        if self.network is not None:
            network = self.network.grow(self.n_layers)
            self.network = network.with_parameters(
                network.as_parameters(values))

    def blocks(self, X):
        """Yield the codes of X (n_samples, n_dim), Block by Block."""
        size = max(1, BLOCK_BYTES // (8 * self.D.shape[1]))
        for rows in slices(len(X), size):
            scale, x = scaled(X[rows], self.scaled_D)
            yield Block(rows, scale, x, self.solve(x))

    def solve(self, x):
        """Codes of samples with lmbd_max = 1, ndarray (n, n_atoms)."""
        if self.network is not None:
            return self.network(x)
        if self.method == "active-set":
            solve = solve_lasso
        else:
            from unrolling.lasso.fista import fista as solve  # needs torch
        return solve(self.scaled_D, x, self.reg, self.tol).z

    def codes(self, X, sparse=False, gaps=None):
        """Codes of X.

        Parameters
        ----------
        X : ndarray, shape (n_samples, n_dim), float64 or float32
        sparse : bool
            If True, the codes of one block alone are dense at a time.
        gaps : list or None
            It receives the relative duality gaps of each block.

        Returns
        -------
        ndarray or csr_array, shape (n_samples, n_atoms), dtype of X
        """
        parts = []
        codes = None if sparse else np.empty(
            (len(X), self.D.shape[1]), X.dtype)
        for block in self.blocks(X):
            if gaps is not None:
                gaps.append(self.gap(block))
            z = np.ldexp(block.z * block.scale, self.exponent)
            if sparse:
                parts.append(csr_array(z.astype(X.dtype, copy=False)))
            else:
                codes[block.rows] = z
        return vstack(parts, format="csr") if sparse else codes

    def gap(self, block):
        """Relative duality gap of each code of a block, (n,)."""
        return duality_gap(block.z, self.scaled_D, block.x, self.reg)

    def gaps(self, X):
        """Relative duality gap of each sample's code, (n_samples,)."""
        return np.concatenate([self.gap(block) for block in self.blocks(X)])

    def costs(self, X):
        """F_x of each sample's code, (n_samples,), in the unit of X^2."""
        return np.concatenate([
            block.scale[:, 0]**2 * lasso_cost(
                block.z, self.scaled_D, block.x, self.reg)
            for block in self.blocks(X)])


def scaled(X, D):
    """lmbd_max of each sample, and samples of lmbd_max = 1.

    Nothing overflows where lmbd_max is finite.

    Parameters
    ----------
    X : ndarray, shape (n_samples, n_dim)
    D : ndarray, shape (n_dim, n_atoms)

    Returns
    -------
    scale : ndarray, shape (n_samples, 1)
        1 where lmbd_max is zero.
    x : ndarray, shape (n_samples, n_dim), float64
        X / scale, a new array.
    """
    x = np.array(X, dtype=float)
    peak = nonzero(abs(x).max(axis=1, keepdims=True))
    x /= peak
    top = nonzero(abs(x @ D).max(axis=1, keepdims=True))
    x /= top
    return peak * top, x


def nonzero(scale):
    """The scale, 1 where it is zero."""
    return np.where(scale > 0, scale, 1)


def check_parameters(*, method, reg, tol, n_layers, n_components, **others):
    """Raise ValueError where one is none: expected, got, what it means.

    Others are not looked at.
    """
    if method not in METHODS:
        raise ValueError(f"method must be one of {METHODS}, got {method!r}")
    if not (isinstance(reg, Real) and 0 < reg <= 1):
        raise ValueError(
            f"reg must be a number in (0, 1], got {reg!r}: it is a share of "
            "each sample's lmbd_max, above which its code is zero")
    check_options(POSITIVE, tol=tol)
    check_options(COUNT, n_layers=n_layers)
    if n_components is not None:
        check_options(COUNT, n_components=n_components)
