"""The Lasso, F_x(z) = 1/2 ||x - D z||^2 + lmbd ||z||_1, for many x.

Samples are rows: D (n_dim, n_atoms), x (n_samples, n_dim),
z (n_samples, n_atoms). Everything is float64 unless said otherwise.
"""
import numpy as np

from unrolling.checks import (
    as_reals,
    atom_peaks,
    check_finite,
    check_lmbd,
    check_shapes,
)
from unrolling.lasso.active_set import gaps_and_costs
from unrolling.lasso.units import GIVEN, are_ordinary, to_units, units
from unrolling.linear import lipschitz


def as_problem(D, x, lmbd):
    """The problem in float64, checked.

    Parameters
    ----------
    D, x, lmbd : array-like, as for `check_lasso`
        Tensors on the CPU that need no gradient are array-like.

    Returns
    -------
    D : ndarray, or csc_array where D is sparse, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    lmbd : ndarray, shape (n_samples,)
    unit : Units
    """
    D, x = as_reals("D", D, sparse=True), as_reals("x", x)
    lmbd = as_reals("lmbd", lmbd)
    ordinary = check_lasso(D, x, lmbd)
    unit = GIVEN if ordinary else units(D, x)
    return D, x, np.full(len(x), lmbd), unit


def check_lasso(D, x, lmbd=None):
    """Check shapes and values; ValueError says expected, got, what to do.

    Parameters
    ----------
    D : ndarray or scipy sparse array, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float or ndarray, shape (n_samples,), or None
        In the unit of D'x. None is not looked at.

    Returns
    -------
    bool : whether D and x are `are_ordinary`.
    """
    check_shapes("D", "atom", D, x)
    ordinary = are_ordinary(D, x)
    if not ordinary:
        check_finite("D", D, x)
        check_atoms(D)
    if lmbd is not None:
        check_lmbd(lmbd, len(x))
    return ordinary


def check_atoms(D):
    """ValueError unless no atom is zero."""
    zero = np.flatnonzero(atom_peaks(D) == 0)
    if len(zero):
        raise ValueError(
            f"the atoms (columns) of D must be nonzero, got zeros in columns "
            f"{zero[:10].tolist()}: remove them"
        )


def support_lipschitz(D, z):
    """L_S = ||D_S||_2^2 for the support S of each row of z (0 where empty).

    One singular value decomposition per row: exact, and slow.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms)
    z : ndarray, shape (n_samples, n_atoms)

    Returns
    -------
    ndarray, shape (n_samples,)
    """
    return np.array([lipschitz(D[:, row != 0]) if row.any() else 0.0
                     for row in z])


def lasso_cost(z, D, x, lmbd):
    """F_x(z) of each sample.

    Parameters
    ----------
    z, D, x, lmbd
        As for `duality_gap`.

    Returns
    -------
    ndarray, shape (n_samples,), in the unit of x^2

    Raises
    ------
    ValueError
        As `duality_gap`.
    """
    D, x, lmbd, _ = as_problem(D, x, lmbd)
    z = as_codes("z", z, (len(x), D.shape[1]))
    return cost_of_residual(x - z @ D.T, z, lmbd)


def cost_of_residual(residual, z, lmbd):
    """F_x(z) of each sample, (n_samples,), from the residual x - D z."""
    return 0.5 * (residual**2).sum(axis=1) + lmbd * abs(z).sum(axis=1)


def cost_and_gap(z, D, x, lmbd):
    """`lasso_cost` and `duality_gap`, from one residual for both, unchecked.

    Parameters
    ----------
    z : ndarray, shape (n_samples, n_atoms)
        Where it is not finite, cost and gap are not either.
    D : ndarray, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float or ndarray, shape (n_samples,)

    Returns
    -------
    cost, gap : ndarrays, shape (n_samples,)
    """
    residual = x - z @ D.T
    with np.errstate(over="ignore", invalid="ignore"):  # of a z that diverged
        gap = correlations(
            residual, z, D, x, np.full(len(x), lmbd, dtype=float))[1]
    return cost_of_residual(residual, z, lmbd), gap


def duality_gap(z, D, x, lmbd):
    """Duality gap of each sample over its F(0) = ||x||^2 / 2.

    The dual point is the residual scaled into the feasible set,
    ||D' theta||_inf <= lmbd, so the gap bounds F(z) - F* from above. A sample
    x = 0 has the gap ||z||_1.

    Parameters
    ----------
    z : array-like, shape (n_samples, n_atoms)
    D : ndarray or scipy sparse array, shape (n_dim, n_atoms)
    x : array-like, shape (n_samples, n_dim)
    lmbd : float or array-like, shape (n_samples,)
        In the unit of D'x.

    Returns
    -------
    ndarray, shape (n_samples,), without unit

    Raises
    ------
    ValueError
        Shapes that do not match, NaN, zero atoms, lmbd <= 0.
    """
    D, x, lmbd, unit = as_problem(D, x, lmbd)
    z = as_codes("z", z, (len(x), D.shape[1]))
    return certify(z, D, x, lmbd, unit)


def as_codes(name, z, shape):
    """z in float64; ValueError unless it is finite and has that shape."""
    z = as_reals(name, z)
    if z.shape != shape or not np.isfinite(z).all():
        raise ValueError(
            f"{name} must be finite and of shape (n_samples, n_atoms) = "
            f"{shape}, got shape {z.shape} with {np.sum(~np.isfinite(z))} NaN "
            "or infinite entries"
        )
    return z


def certify(z, D, x, lmbd, unit):
    """`duality_gap` of arrays in float64 that are checked already."""
    D, x, lmbd, z = to_units(unit, D, x, lmbd[:, None], z)
    with np.errstate(over="ignore", invalid="ignore"):
        gap = correlations(x - z @ D.T, z, D, x, lmbd[:, 0])[1]
    return np.where(np.isnan(gap), np.inf, gap)  # of a z that overflows


def correlations(residual, z, D, x, lmbd):
    """D'(x - Dz), with the relative gap and cost of each sample.

    Arrays of float64; residual = x - z D', lmbd (n_samples,).

    Returns
    -------
    corr : ndarray, shape (n_samples, n_atoms)
    gap, cost : ndarrays, shape (n_samples,), relative to F(0)
    """
    x, z, residual = (np.ascontiguousarray(a) for a in (x, z, residual))
    corr = np.ascontiguousarray(residual @ D)
    return corr, *gaps_and_costs(x, lmbd, z, residual, corr)
