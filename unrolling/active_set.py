"""Many Lasso problems that share one Gram matrix, solved to high accuracy.

Each problem alternates sweeps of coordinate descent with an exact step on the
active set: on the face of the current signs s the cost is a quadratic whose
minimiser w solves G_SS w = c_S - lmbd s, so the point moves straight to w, or
to the first coordinate that would change its sign, which leaves the set. Both
moves decrease the cost, and the face of the solution is reached in finitely
many of them (the idea of feature-sign search: H. Lee et al., Efficient sparse
coding algorithms, NIPS 2006).
"""
import numpy as np
from numba import njit, prange


@njit(cache=True)
def soft_threshold(v, t):
    """Soft-thresholding of the scalar v at level t >= 0."""
    return np.sign(v) * max(abs(v) - t, 0.0)


@njit(cache=True)
def sweep(gram, lmbd, z, corr):
    """One cycle of coordinate descent on z; keeps corr = D'(x - Dz)."""
    for j in range(len(z)):
        if z[j] == 0 and abs(corr[j]) <= lmbd:
            continue
        change = soft_threshold(corr[j] + gram[j, j] * z[j], lmbd)
        change = change / gram[j, j] - z[j]
        if change != 0:
            z[j] += change
            corr -= change * gram[j]


@njit(cache=True, fastmath={"reassoc", "contract"})
def cholesky(a):
    """Factor a = LL' in place (lower part); the first dependent row, or n."""
    n = len(a)
    for i in range(n):
        for j in range(i + 1):
            s = a[i, j]
            for k in range(j):
                s -= a[i, k] * a[j, k]
            if i > j:
                a[i, j] = s / a[j, j]
            elif s <= 1e-10 * a[i, i]:
                return i
            else:
                a[i, i] = np.sqrt(s)
    return n


@njit(cache=True)
def solve_lower(a, b, n):
    """Overwrite b[:n] by L^-1 b[:n], L the leading block of a's factor."""
    for i in range(n):
        for k in range(i):
            b[i] -= a[i, k] * b[k]
        b[i] /= a[i, i]


@njit(cache=True)
def solve_lower_transposed(a, b, n):
    """Overwrite b[:n] by L^-T b[:n]."""
    for i in range(n - 1, -1, -1):
        b[i] /= a[i, i]
        for k in range(i):
            b[k] -= a[i, k] * b[i]


@njit(cache=True)
def face_direction(gram, lmbd, z, corr, support):
    """The direction to move in on the face of z, and how far at the most.

    To the face's minimiser, length 1; or, where the atoms of the face are
    dependent, along their null direction downhill, until a sign changes.
    """
    n = len(support)
    a = np.empty((n, n))
    descent = np.empty(n)
    for i, j in enumerate(support):
        for k in range(i + 1):
            a[i, k] = gram[j, support[k]]
        descent[i] = corr[j] - lmbd * np.sign(z[j])
    rank = cholesky(a)
    if rank == n:
        solve_lower(a, descent, n)
        solve_lower_transposed(a, descent, n)
        return descent, 1.0
    null = np.zeros(n)
    null[:rank] = -a[rank, :rank]
    solve_lower_transposed(a, null, rank)
    null[rank] = 1.0
    if np.dot(null, descent) < 0:
        null *= -1
    return null, np.inf


@njit(cache=True)
def exact_step(gram, c, lmbd, z, corr):
    """Minimise over the face of z, dropping coordinates that reach zero."""
    while True:
        support = np.flatnonzero(z)
        if len(support) == 0:
            break
        direction, length = face_direction(gram, lmbd, z, corr, support)
        first = -1
        for i, j in enumerate(support):
            if direction[i] * z[j] < 0 and -z[j] / direction[i] <= length:
                length, first = -z[j] / direction[i], j
        if first < 0 and length == np.inf:
            break
        for i, j in enumerate(support):
            z[j] += length * direction[i]
        if first >= 0:
            z[first] = 0
        corr[:] = c
        for j in support:
            corr -= z[j] * gram[j]
        if first < 0:
            break


@njit(cache=True)
def relative_gap(c, x_norm2, lmbd, z, corr):
    """Duality gap over F(0) at z, from Gram quantities only."""
    if x_norm2 == 0:
        return np.abs(z).sum()
    fit = np.dot(c, z)
    residual2 = x_norm2 - fit - np.dot(corr, z)
    scale = min(1.0, lmbd / max(np.abs(corr).max(), 1e-300))
    primal = 0.5 * residual2 + lmbd * np.abs(z).sum()
    dual = scale * (x_norm2 - fit) - 0.5 * scale**2 * residual2
    return 2 * (primal - dual) / x_norm2


@njit(parallel=True, cache=True)
def solve_batch(gram, c, x_norm2, lmbd, z, tol, max_rounds):
    """Solve every problem of the batch in place.

    Parameters
    ----------
    gram : ndarray, shape (n_atoms, n_atoms)
        D'D, with a positive diagonal.
    c : ndarray, shape (n_samples, n_atoms)
        x D.
    x_norm2, lmbd : ndarrays, shape (n_samples,)
    z : ndarray, shape (n_samples, n_atoms)
        The start point, overwritten by the solution.
    tol : float
        Relative duality gap at which a problem is done.
    max_rounds : int
        Bound on the rounds (some sweeps, then an exact step) of a problem.
    """
    for i in prange(len(c)):
        corr = c[i].copy()
        for j in np.flatnonzero(z[i]):
            corr -= z[i, j] * gram[j]
        for _ in range(max_rounds):
            for _ in range(5):
                sweep(gram, lmbd[i], z[i], corr)
            exact_step(gram, c[i], lmbd[i], z[i], corr)
            if relative_gap(c[i], x_norm2[i], lmbd[i], z[i], corr) <= tol:
                break
