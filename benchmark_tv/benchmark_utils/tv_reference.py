"""Certified solutions of a test set, computed once for each set."""
import warnings
from typing import NamedTuple

import numpy as np

from benchmark_utils.synthesis import cumulate
from unrolling.bench.objective import computed_once
from unrolling.linear import lipschitz
from unrolling.tv import best_constant, solve_tv, tv_cost

REFERENCE_GAP = 1e-12
"""Relative duality gap to which each problem's reference is solved, or as
close to it as rounding allows: the gap that is reached is a metric."""


ROUNDING = 1e-13
"""Relative error of a difference of two costs."""


class Reference(NamedTuple):
    """Certified solutions of a test set, and the constant of its problems."""

    u: np.ndarray
    """(n_samples, n_times), the solutions u*."""
    cost: np.ndarray
    """(n_samples,), P(u*)."""
    resolution: np.ndarray
    """(n_samples,), what P(u) - P(u*) is known to: the duality gap of u*, and
    the rounding of the two costs."""
    gap: float
    """Largest duality gap over P(c*), c* the best constant."""
    L: float
    """||A||_2^2."""
    L_synthesis: float
    """Lipschitz constant of the fit's gradient in the jumps, see `cumulate`
    of `benchmark_utils.synthesis`."""


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
    cost = tv_cost(u, A, x, lmbd, delta)
    constant = np.repeat(
        best_constant(A, x, delta)[:, None], A.shape[1], axis=1)
    at_constant = tv_cost(constant, A, x, lmbd, delta)
    return Reference(
        u, cost, gap * at_constant + ROUNDING * cost, gap.max(),
        lipschitz(A), lipschitz(cumulate(A)))
