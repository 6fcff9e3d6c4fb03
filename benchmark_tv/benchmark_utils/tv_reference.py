"""What the solutions of a test set say of it, computed once for each set."""
import warnings
from typing import NamedTuple

import numpy as np

from unrolling.bench.objective import computed_once
from unrolling.linear import lipschitz
from unrolling.tv import solve_tv, tv_cost

REFERENCE_GAP = 1e-12
"""Relative duality gap to which each problem's reference is solved, or as
close to it as rounding allows: the gap that is reached is a metric."""


class Reference(NamedTuple):
    """Certified solutions of a test set, and the constant of its problems."""

    u: np.ndarray
    """(n_samples, n_times), the solutions u*."""
    cost: np.ndarray
    """(n_samples,), P(u*)."""
    gap: float
    """Largest duality gap over P(c*), c* the best constant."""
    L: float
    """||A||_2^2."""


@computed_once
def certified_reference(A, x, lmbd, delta):
    """The Reference of the problems.

    Parameters
    ----------
    A : ndarray, shape (n_dim, n_times)
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float
    delta : ndarray, shape (n_samples,), or None
    """
    with warnings.catch_warnings(action="ignore"):
        u, gap = solve_tv(A, x, lmbd, REFERENCE_GAP, delta=delta)
    return Reference(
        u, tv_cost(u, A, x, lmbd, delta), gap.max(), lipschitz(A))
