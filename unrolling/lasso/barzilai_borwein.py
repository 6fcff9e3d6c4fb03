"""Proximal gradient descent with steps of Barzilai and Borwein, for batches.

All samples take a step at once, z <- ST(z + s D'(x - Dz), s lmbd), from one
product for the batch. s = ||dz||^2 / (dz'D'D dz) is the inverse curvature
along a sample's last move dz. (SpaRSA without a line search: S. Wright, R.
Nowak and M. Figueiredo, Sparse reconstruction by separable approximation,
IEEE Trans. Signal Process. 57(7), 2009, section II.) Solutions whose atoms
are well conditioned take some ten steps, however many atoms they have.
"""
import numpy as np
from numba import njit

from unrolling.lasso.active_set import gap_and_cost, gram_gap_of_all

PATIENCE, SLOW = 25, 0.5
"""The descent is given up where so many steps leave this share of the gap,
which does not become smaller each time."""

fast = njit(cache=True, nogil=True, error_model="numpy",
            fastmath={"reassoc", "contract", "nsz"})


def descend(correlate, c, x_norm2, lmbd, z, tol):
    """Descend from z, in place, while the gaps become much smaller.

    A start that costs more than zero, or that overflows, is left for zero.

    Parameters
    ----------
    correlate : function
        correlate(z, samples) is D'(x - Dz), (len(samples), n_atoms), for the
        z of these samples, an array of int; c for z = 0.
    c, z : ndarrays, shape (n_samples, n_atoms)
        c = x D.
    x_norm2, lmbd : ndarrays, shape (n_samples,)
    tol : float

    Returns
    -------
    ndarray, shape (n_samples,)
        Relative gaps; above tol where the descent is slow.
    """
    todo, corr = np.arange(len(z)), c.copy()
    started = np.flatnonzero(z.any(axis=1))
    if len(started):
        with np.errstate(over="ignore", invalid="ignore"):
            corr[started] = correlate(z[started], started)
        leave_for_zero(c, x_norm2, lmbd, z, corr)
    z_old, corr_old = z.copy(), corr.copy()
    probe(lmbd, z, corr)
    new = correlate(z, todo)
    first_step(z_old, corr_old, new, z, corr)
    gap = np.full(len(z), np.inf)
    past = np.full((PATIENCE, len(z)), np.inf)
    for n_steps in range(10_000):
        todo = look_and_step(todo, c, x_norm2, lmbd, tol, z, corr, z_old,
                             corr_old, gap, past[n_steps % PATIENCE])
        if not len(todo):
            break
        if len(todo) == len(z):
            corr = correlate(z, todo)
        else:
            corr[todo] = correlate(z[todo], todo)
    return gap


@fast
def leave_for_zero(c, x_norm2, lmbd, z, corr):
    """Zero in place of each z that costs more."""
    for i in range(len(z)):
        if not gram_gap_of_all(
                c[i], x_norm2[i], lmbd[i], z[i], corr[i])[1] <= 1:
            z[i], corr[i] = 0, c[i]


@fast
def probe(lmbd, z, corr):
    """Add to z the steepest descent, the negative of its least subgradient."""
    for i in range(len(z)):
        for j in range(z.shape[1]):
            if z[i, j] != 0:
                z[i, j] += corr[i, j] - lmbd[i] * np.sign(z[i, j])
            else:
                z[i, j] = corr[i, j] - min(max(corr[i, j], -lmbd[i]), lmbd[i])


@fast
def first_step(z_old, corr_old, probed, z, corr):
    """The exact step along what was probed, from the correlations there."""
    for i in range(len(z)):
        length2 = curvature = 0.0
        for j in range(z.shape[1]):
            move = z[i, j] - z_old[i, j]
            length2 += move * move
            curvature += move * (corr_old[i, j] - probed[i, j])
        step = length2 / curvature if curvature > 0 else 0.0
        for j in range(z.shape[1]):
            z[i, j] = z_old[i, j] + step * (z[i, j] - z_old[i, j])
            corr[i, j] = corr_old[i, j] + step * (probed[i, j]
                                                  - corr_old[i, j])


@fast
def look_and_step(todo, c, x_norm2, lmbd, tol, z, corr, z_old, corr_old, gap,
                  past):
    """The gaps of some samples, and a step of those that go on, in place.

    Returns
    -------
    ndarray of int : the samples that go on.
    """
    n_left = 0
    for i in todo:
        fit = product = l1 = bound = length2 = curvature = 0.0
        for j in range(z.shape[1]):
            here, there = z[i, j], corr[i, j]
            fit += c[i, j] * here
            product += there * here
            l1 += abs(here)
            bound = max(bound, abs(there))
            move = here - z_old[i, j]
            length2 += move * move
            curvature += move * (corr_old[i, j] - there)
        residual_x = x_norm2[i] - fit
        gap[i] = gap_and_cost(x_norm2[i], residual_x - product, residual_x,
                              l1, bound, lmbd[i])[0]
        if (gap[i] <= tol or not gap[i] < SLOW * past[i]
                or not curvature > 0):
            continue
        past[i] = gap[i]
        step = length2 / curvature
        t = step * lmbd[i]
        for j in range(z.shape[1]):
            z_old[i, j], corr_old[i, j] = z[i, j], corr[i, j]
            target = z[i, j] + step * corr[i, j]
            z[i, j] = target - min(max(target, -t), t)
        todo[n_left] = i
        n_left += 1
    return todo[:n_left]


@fast
def correlations_in_one_pass(D, x, z):
    """D'(x - Dz) of one sample: each row of D is read once.

    D (n_dim, n_atoms) in C order, x (n_dim,), z (n_atoms,). Four rows at a
    time, so that the result stays in registers for four products.
    """
    n_dim, n_atoms = D.shape
    corr = np.zeros(n_atoms)
    for i in range(0, n_dim - 3, 4):
        d0, d1, d2, d3 = D[i], D[i + 1], D[i + 2], D[i + 3]
        r0, r1, r2, r3 = x[i], x[i + 1], x[i + 2], x[i + 3]
        for j in range(n_atoms):
            r0 -= d0[j] * z[j]
            r1 -= d1[j] * z[j]
            r2 -= d2[j] * z[j]
            r3 -= d3[j] * z[j]
        for j in range(n_atoms):
            corr[j] += (r0 * d0[j] + r1 * d1[j]) + (r2 * d2[j] + r3 * d3[j])
    for i in range(n_dim - n_dim % 4, n_dim):
        row, r = D[i], x[i]
        for j in range(n_atoms):
            r -= row[j] * z[j]
        for j in range(n_atoms):
            corr[j] += r * row[j]
    return corr
