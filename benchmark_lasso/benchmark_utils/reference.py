"""Certified solutions of a test set, computed once for each set."""
from typing import NamedTuple

import numpy as np

from unrolling.bench.objective import computed_once
from unrolling.lasso import lasso_cost, lipschitz, solve_lasso
from unrolling.linear import squared_norms

REFERENCE_GAP = 1e-12
"""Relative duality gap to which each problem's reference is solved."""

ROUNDING = 1e-13
"""Relative error of a difference of two costs."""

N_LISTED = 10
"""Number of the first test samples whose metrics are listed one by one."""


class Reference(NamedTuple):
    """Certified solutions of a test set, and constants of its problems."""

    z: np.ndarray
    """(n_samples, n_atoms), the solutions z*."""
    cost: np.ndarray
    """(n_samples,), F(z*)."""
    resolution: np.ndarray
    """(n_samples,), what F(z) - F(z*) is known to: the duality gap of z*, and
    the rounding of the two costs."""
    gap: float
    """Largest duality gap over F(0)."""
    L: float
    """||D||_2^2."""
    support: list
    """(1 - mu*/L_S*, L_S*) of the first N_LISTED samples, see `extremes`."""


@computed_once
def certified_reference(D, x, lmbd):
    """The Reference of the problems; warns where REFERENCE_GAP is missed.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float
    """
    z, gap = solve_lasso(D, x, lmbd, REFERENCE_GAP)
    cost = lasso_cost(z, D, x, lmbd)
    resolution = gap * 0.5 * squared_norms(x) + ROUNDING * cost
    return Reference(
        z, cost, resolution, gap.max(), lipschitz(D),
        [extremes(D[:, row != 0]) for row in z[:N_LISTED]])


def extremes(D_S):
    """1 - mu/L and L, with the extreme eigenvalues mu, L of D_S'D_S.

    The first is 1 where the atoms are dependent; both are 0 where there are
    none.
    """
    n_dim, size = D_S.shape
    if not size:
        return 0.0, 0.0
    values = np.linalg.svd(D_S, compute_uv=False)
    L = values[0] ** 2
    return 1 - values[-1] ** 2 / L if size <= n_dim else 1.0, L
