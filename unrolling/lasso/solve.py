"""Many Lasso problems that share one dictionary, solved to a certificate."""
import warnings
from typing import NamedTuple

import numpy as np

from unrolling.lasso.batch import solve_batches
from unrolling.lasso.problem import as_problem


class Lasso(NamedTuple):
    """Solutions of a batch of problems, with their certificates."""

    z: np.ndarray
    """(n_samples, n_atoms)"""
    gap: np.ndarray
    """(n_samples,), duality gap of each problem over its F(0)"""


class LassoPath(NamedTuple):
    """Solutions of a batch for several penalties."""

    lmbd: np.ndarray
    """(n_regs, n_samples)"""
    z: np.ndarray
    """(n_regs, n_samples, n_atoms)"""
    gap: np.ndarray
    """(n_regs, n_samples), duality gap of each problem over its F(0)"""


def solve_lasso(D, x, lmbd, tol=1e-6, *, z0=None, max_rounds=10_000,
                memory=2**30):
    """Solve many Lasso problems that share one dictionary.

    An active-set method (see `unrolling.lasso.active_set`), parallel over the
    problems. It works on the Gram matrix, or, where that does not fit, on
    working sets of atoms.

    Parameters
    ----------
    D : ndarray or scipy sparse array, shape (n_dim, n_atoms)
        Atoms need not be normalised.
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float or ndarray, shape (n_samples,)
        In the unit of D'x.
    tol : float
        Relative duality gap, gap / F(0), to reach for every problem.
    z0 : ndarray, shape (n_samples, n_atoms), or None
        Where to start; by default at zero.
    max_rounds : int
        Bound on the rounds of one problem.
    memory : int
        Bytes that the computation may take beyond its input and its output
        (n_samples * n_atoms numbers). The working sets of the problems at
        hand, one a thread, have about twice the size of the support, and are
        formed whatever the bound.

    Returns
    -------
    Lasso(z, gap)
        z (n_samples, n_atoms) and the relative duality gap of each sample.
        Warns where a gap is above tol.

    Raises
    ------
    ValueError
        Shapes that do not match, NaN, zero atoms, lmbd <= 0.
    """
    D, x = as_problem(D, x, lmbd)
    lmbd = np.full(len(x), lmbd, dtype=float)[:, None]
    z0 = as_start(z0, (len(x), D.shape[1]))
    z, gap = solve_batches(D, x, lmbd, z0, tol, max_rounds, memory)
    warn_above(tol, gap, f"max_rounds (now {max_rounds})")
    return Lasso(z[:, 0], gap[:, 0])


def lasso_path(D, x, regs, tol=1e-6, *, max_rounds=10_000, memory=2**30):
    """Solve the batch for several lmbd, each from the solution before it.

    Parameters
    ----------
    D, x, tol, max_rounds, memory
        As for `solve_lasso`.
    regs : sequence of float in (0, 1], length n_regs, decreasing
        Penalties, as shares of each sample's own lmbd_max = ||D'x||_inf,
        above which its solution is zero.

    Returns
    -------
    LassoPath(lmbd, z, gap)
        lmbd and gap (n_regs, n_samples), z (n_regs, n_samples, n_atoms).

    Raises
    ------
    ValueError
        As `solve_lasso`; regs that are not decreasing or not in (0, 1].
    """
    D, x = as_problem(D, x)
    regs = np.asarray(regs, dtype=float)
    if regs.ndim != 1 or not np.all((regs > 0) & (regs <= 1)) or (
            np.diff(regs) >= 0).any():
        raise ValueError(
            f"regs must be decreasing numbers in (0, 1], got {regs}: they are "
            "shares of lmbd_max, and each solution starts the next"
        )
    lmbd_max = abs(x @ D).max(axis=1, initial=0)
    lmbd = np.where(lmbd_max > 0, lmbd_max, 1)[:, None] * regs
    z, gap = solve_batches(D, x, lmbd, None, tol, max_rounds, memory)
    warn_above(tol, gap, f"max_rounds (now {max_rounds})")
    return LassoPath(lmbd.T, z.swapaxes(0, 1), gap.T)


def warn_above(tol, gap, bound):
    """Warn, in the caller's caller, where a gap is above tol.

    bound : str, the name and value of what ended the iterations.
    """
    if (gap > tol).any():
        warnings.warn(
            f"expected relative duality gaps <= {tol:.1e}, got up to "
            f"{gap.max():.1e} on {(gap > tol).sum()} of {gap.size} problems: "
            f"raise {bound} or tol",
            stacklevel=3,
        )


def as_start(z0, shape):
    """z0 in float64, checked, or None for a start at zero."""
    if z0 is None:
        return None
    z0 = np.asarray(z0, dtype=float)
    if z0.shape != shape or not np.isfinite(z0).all():
        raise ValueError(
            f"z0 must be finite and of shape (n_samples, n_atoms) = {shape}, "
            f"got shape {z0.shape} with {np.sum(~np.isfinite(z0))} NaN or "
            "infinite entries"
        )
    return z0
