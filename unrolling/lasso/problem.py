"""The Lasso, F_x(z) = 1/2 ||x - D z||^2 + lmbd ||z||_1, for many x.

Samples are rows: D (n_dim, n_atoms), x (n_samples, n_dim),
z (n_samples, n_atoms). Everything is float64 unless said otherwise.
"""
import numpy as np
from scipy.sparse import csc_array, issparse

from unrolling.lasso.active_set import gaps
from unrolling.linear import lipschitz


def check_lasso(D, x, lmbd=None):
    """Check shapes and values; ValueError says expected, got, what to do."""
    for name, array in (("D", D), ("x", x)):
        if np.ndim(array) != 2:
            raise ValueError(
                f"{name} must be a 2-D array, got shape {np.shape(array)}; "
                "D is (n_dim, n_atoms), x is (n_samples, n_dim)"
            )
        values = array.data if issparse(array) else array
        if not np.isfinite(values).all():
            raise ValueError(
                f"{name} must be finite, got {np.sum(~np.isfinite(values))} "
                "NaN or infinite entries: drop or impute them first"
            )
    if x.shape[1] != D.shape[0]:
        raise ValueError(
            f"x must have {D.shape[0]} columns (n_dim, the rows of D), got "
            f"shape {x.shape}; samples are rows"
        )
    zero = np.flatnonzero(abs(D).sum(axis=0) == 0)
    if len(zero):
        raise ValueError(
            f"the atoms (columns) of D must be nonzero, got zeros in columns "
            f"{zero[:10].tolist()}: remove them"
        )
    if lmbd is not None and (
        np.ndim(lmbd) > 1 or np.size(lmbd) not in (1, len(x))
        or not np.all(np.asarray(lmbd) > 0) or not np.isfinite(lmbd).all()
    ):
        raise ValueError(
            f"lmbd must be positive, one number or one per sample "
            f"({len(x)}), got {lmbd}"
        )


def support_lipschitz(D, z):
    """L_S = ||D_S||_2^2 for the support S of each row of z (0 where empty).

    One singular value decomposition per row: exact, and slow.
    """
    return np.array([lipschitz(D[:, row != 0]) if row.any() else 0.0
                     for row in z])


def lasso_cost(z, D, x, lmbd):
    """F_x(z) of each sample, shape (n_samples,)."""
    return cost_of_residual(x - z @ D.T, z, lmbd)


def cost_of_residual(residual, z, lmbd):
    """F_x(z) of each sample, (n_samples,), from the residual x - D z."""
    return 0.5 * (residual**2).sum(axis=1) + lmbd * abs(z).sum(axis=1)


def cost_and_gap(z, D, x, lmbd):
    """`lasso_cost` and `duality_gap`, from one residual for both.

    Parameters
    ----------
    z : ndarray, shape (n_samples, n_atoms)
    D : ndarray, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float or ndarray, shape (n_samples,)

    Returns
    -------
    cost, gap : ndarrays, shape (n_samples,)
    """
    x, z = (np.ascontiguousarray(array, dtype=float) for array in (x, z))
    residual = np.ascontiguousarray(x - z @ D.T)
    gap = gaps(x, np.full(len(x), lmbd, float), z, residual,
               np.ascontiguousarray(residual @ D))
    return cost_of_residual(residual, z, lmbd), gap


def duality_gap(z, D, x, lmbd):
    """Duality gap of each sample over its F(0) = ||x||^2 / 2, (n_samples,).

    The dual point is the residual scaled into the feasible set,
    ||D' theta||_inf <= lmbd, so the gap bounds F(z) - F* from above.
    """
    x, z = (np.ascontiguousarray(array, dtype=float) for array in (x, z))
    return correlation_and_gap(z, D, x, np.full(len(x), lmbd, float))[1]


def correlation_and_gap(z, D, x, lmbd):
    """Correlations D'(x - Dz), (n_samples, n_atoms), and relative gaps.

    Arrays of float64; lmbd (n_samples,).
    """
    residual = np.ascontiguousarray(x - z @ D.T)
    corr = np.ascontiguousarray(residual @ D)
    return corr, gaps(x, lmbd, np.ascontiguousarray(z), residual, corr)


def as_problem(D, x, lmbd=None):
    """D and x in float64, checked; a sparse D by columns."""
    D = csc_array(D, dtype=float) if issparse(D) else np.asarray(D, float)
    x = np.asarray(x, dtype=float, order="C")
    check_lasso(D, x, lmbd)
    return D, x
