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
from unrolling.linear import squared_norms

PATIENCE, SLOW = 25, 0.5
"""The descent is given up where so many steps leave this share of the gap,
which does not become smaller each time."""

STEPS, NEAR = 10, 0.8
"""See `descend_alone`."""

fast = njit(cache=True, nogil=True, error_model="numpy",
            fastmath={"reassoc", "contract", "nsz"})


def descend(correlate, c, x_norm2, lmbd, z, tol, max_steps=10_000):
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
    max_steps : int

    Returns
    -------
    gap : ndarray, shape (n_samples,)
        Relative gaps; above tol where the descent is slow.
    corr : ndarray, shape (n_samples, n_atoms)
        D'(x - Dz).
    """
    corr, gap = c.copy(), np.empty(len(z))
    started = np.flatnonzero(z.any(axis=1))
    if len(started):
        with np.errstate(over="ignore", invalid="ignore"):
            corr[started] = correlate(z[started], started)
    todo = look_at_start(c, x_norm2, lmbd, tol, z, corr, gap)
    if not len(todo):
        return gap, corr
    z_old, corr_old = z.copy(), corr.copy()
    probe(todo, lmbd, z, corr)
    first_step(todo, z_old, corr_old, correlate(z[todo], todo), z, corr)
    past = np.full((PATIENCE, len(z)), np.inf)
    for n_steps in range(max_steps):
        todo = look_and_step(todo, c, x_norm2, lmbd, tol, z, corr, z_old,
                             corr_old, gap, past[n_steps % PATIENCE])
        if not len(todo):
            break
        if len(todo) == len(z):
            corr = correlate(z, todo)
        else:
            corr[todo] = correlate(z[todo], todo)
    return gap, corr


@fast
def look_at_start(c, x_norm2, lmbd, tol, z, corr, gap):
    """Write the gaps, with zero in place of each z that costs more.

    Returns
    -------
    ndarray of int : the samples whose gap is above tol.
    """
    todo, n_left = np.arange(len(z)), 0
    for i in range(len(z)):
        gap[i], cost = gram_gap_of_all(
            c[i], x_norm2[i], lmbd[i], z[i], corr[i])
        if not cost <= 1:
            z[i], corr[i] = 0, c[i]
            gap[i] = gram_gap_of_all(
                c[i], x_norm2[i], lmbd[i], z[i], corr[i])[0]
        if not gap[i] <= tol:
            todo[n_left] = i
            n_left += 1
    return todo[:n_left]


@fast
def probe(todo, lmbd, z, corr):
    """Add to z the steepest descent, the negative of its least subgradient."""
    for i in todo:
        for j in range(z.shape[1]):
            if z[i, j] != 0:
                z[i, j] += corr[i, j] - lmbd[i] * np.sign(z[i, j])
            else:
                z[i, j] = corr[i, j] - min(max(corr[i, j], -lmbd[i]), lmbd[i])


@fast
def first_step(todo, z_old, corr_old, probed, z, corr):
    """The exact step along what was probed, from the correlations there."""
    for m in range(len(todo)):
        i = todo[m]
        length2 = curvature = 0.0
        for j in range(z.shape[1]):
            move = z[i, j] - z_old[i, j]
            length2 += move * move
            curvature += move * (corr_old[i, j] - probed[m, j])
        step = length2 / curvature if curvature > 0 else 0.0
        for j in range(z.shape[1]):
            z[i, j] = z_old[i, j] + step * (z[i, j] - z_old[i, j])
            corr[i, j] = corr_old[i, j] + step * (probed[m, j]
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


def descend_alone(D, x, c, lmbd, z, tol, memory):
    """`descend` for one sample, on fewer and fewer atoms.

    After STEPS steps on all atoms, those are left out that are zero and far
    from their bound, |d_j'(x - Dz)| < NEAR lmbd, if they are so many that
    the copy of the others pays; at the end all are looked at again.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms)
    x : ndarray, shape (1, n_dim)
    c, lmbd, z, tol : as for `descend`
    memory : float
        Bytes that the atoms that stay may take; all stay if they need more.

    Returns
    -------
    ndarray, shape (1,) : the relative gap.
    """
    x_norm2 = squared_norms(x)
    gap, corr = descend(
        correlations_of(D, x), c, x_norm2, lmbd, z, tol, STEPS)
    near = np.flatnonzero((z[0] != 0) | (abs(corr[0]) > NEAR * lmbd[0]))
    if not gap[0] <= tol and len(near) < 0.6 * D.shape[1] and (
            8 * D.shape[0] * len(near) <= memory):
        few = np.take(D, near, axis=1)
        z_few = z[:, near]
        descend(correlations_of(few, x), c[:, near], x_norm2, lmbd, z_few,
                tol)
        z[:, near] = z_few
    if not gap[0] <= tol:
        gap = descend(correlations_of(D, x), c, x_norm2, lmbd, z, tol)[0]
    return gap


def correlations_of(D, x):
    """What `descend` takes for one sample x (1, n_dim)."""
    if D.flags.c_contiguous:
        return lambda z, _: correlations_in_one_pass(D, x[0], z[0])[None]
    return lambda z, _: (x - z @ D.T) @ D


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
