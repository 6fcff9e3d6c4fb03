"""Many Lasso problems that share one dictionary, solved to a certificate."""
from typing import NamedTuple

import numpy as np

from unrolling.checks import as_reals, check_regs, warn_of_gaps
from unrolling.lasso.batch import solve_batches
from unrolling.lasso.problem import as_codes, as_problem, certify
from unrolling.lasso.units import (
    GIVEN,
    from_units,
    penalties_from_units,
    point_to_units,
    to_units,
)
from unrolling.options import COUNT, POSITIVE, check_options


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
    problems. It works on the Gram matrix, or, where that costs more or does
    not fit, on working sets of atoms. Where solutions have many atoms, but
    far fewer than n_dim, gradient steps come first (see
    `unrolling.lasso.barzilai_borwein`). It may be called on several threads.

    Parameters
    ----------
    D : ndarray or scipy sparse array, shape (n_dim, n_atoms)
        Atoms need not be normalised. Tensors on the CPU that need no gradient
        are as good as arrays, here and below; the results are arrays.
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float or ndarray, shape (n_samples,)
        In the unit of D'x.
    tol : float
        Relative duality gap, gap / F(0), to reach for every problem.
    z0 : ndarray, shape (n_samples, n_atoms), or None
        Where to start; by default at zero. A start that costs more than zero
        is left for zero.
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
        No z costs more than zero, up to rounding. Warns where a gap is above
        tol, and says whether rounding or max_rounds limits it: an atom whose
        distance to the span of a sample's other atoms is below 3e-6 of its
        norm counts as dependent on them.

    Raises
    ------
    ValueError
        Shapes that do not match, NaN, no atoms or zero atoms, lmbd <= 0, a
        sparse x, a tol, max_rounds or memory that is not positive.
    """
    check_options(POSITIVE, tol=tol, memory=memory)
    check_options(COUNT, max_rounds=max_rounds)
    D, x, lmbd, unit = as_problem(D, x, lmbd)
    if z0 is not None:
        z0 = as_codes("z0", z0, (len(x), D.shape[1]))
    z, gap = solve(
        unit, *to_units(unit, D, x, lmbd[:, None], z0), tol, max_rounds,
        memory)
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
        As `solve_lasso`; no regs, or not decreasing ones in (0, 1].
    """
    check_options(POSITIVE, tol=tol, memory=memory)
    check_options(COUNT, max_rounds=max_rounds)
    D, x, _, unit = as_problem(D, x, 1.0)
    regs = as_reals("regs", regs)
    check_regs(regs)
    D, x, lmbd, _ = to_units(unit, D, x, np.ones((len(x), len(regs))), None)
    lmbd_max = abs(x @ D).max(axis=1, keepdims=True, initial=0)
    lmbd = np.where(lmbd_max > 0, lmbd_max * regs, lmbd * regs)
    z, gap = solve(unit, D, x, lmbd, None, tol, max_rounds, memory)
    return LassoPath(penalties_from_units(unit, lmbd).T, z.swapaxes(0, 1),
                     gap.T)


def solve(unit, D, x, lmbd, z0, tol, max_rounds, memory):
    """`solve_batches` of a problem in these units, its z in those of the
    input; warns, in the caller's caller, where a gap is above tol."""
    z, gap, rounds = solve_batches(D, x, lmbd, z0, tol, max_rounds, memory)
    if not unit.are_given:
        z = from_units(unit, z)
        z[~np.isfinite(z).all(axis=2)] = 0  # float64 cannot express it
        gap = np.stack([certify(
            point_to_units(unit, z[:, r]), D, x, lmbd[:, r], GIVEN)
            for r in range(lmbd.shape[1])], axis=1)
    warn_of_gaps(tol, gap, rounds, max_rounds, "atoms depend on each other")
    return z, gap
