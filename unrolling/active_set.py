"""Many Lasso problems that share one Gram matrix, solved to high accuracy.

Each problem is solved by an active-set method. Its state is a *face*: the
support S of z, the signs s there, and the upper triangular R with R'R = G_SS.
A round

1. lets atoms enter whose correlation |d_j'(x - Dz)| exceeds lmbd;
2. moves to the minimiser of the face's quadratic, z_S + G_SS^-1 (D_S'(x - Dz)
   - lmbd s), or as far as the first coefficient that would change its sign:
   its atom leaves the face, and the move is repeated without it;
3. stops once the duality gap is small enough.

Step 2 never increases the cost and step 1 makes it decrease, so no face is
visited twice (feature-sign search: H. Lee et al., Efficient sparse coding
algorithms, NIPS 2006). Lee et al. let one atom enter at a time and solve each
face anew, in k^3 operations; here several enter together, and R is updated, in
k^2: a row is appended, or removed by rotations (J. Gill et al., Methods for
modifying matrix factorizations, Math. Comp. 28, 1974).

One module, since numba's cache of a function looks at the file that it is in
alone, not at those of the functions that it calls.
"""
from typing import NamedTuple

import numpy as np
from numba import njit

ENTRY = 0.6
"""Atoms enter whose excess |d_j'(x - Dz)| - lmbd is this share of the largest:
fewer make more rounds, and more of them leave again."""

DEPENDENT = 1e-11
"""A squared pivot of R below this share of the atom's squared norm is zero."""

fast = njit(cache=True, nogil=True, error_model="numpy",
            fastmath={"reassoc", "contract", "nsz"})


class Face(NamedTuple):
    """Arrays of which the first k entries describe a face of k atoms."""

    atom: np.ndarray
    """(capacity,) int"""
    sign: np.ndarray
    """(capacity,) +1 or -1"""
    descent: np.ndarray
    """(capacity,) D_S'(x - Dz) - lmbd s, the negative gradient there"""
    move: np.ndarray
    """(capacity,) scratch: right-hand sides, then the move of z_S"""
    factor: np.ndarray
    """(capacity, capacity + 8) R in its upper part; rows of a power of two
    would all start in one set of the cache"""


@fast
def empty_face(capacity):
    """Room for a face of so many atoms."""
    return Face(
        np.empty(capacity, np.int64), np.empty(capacity), np.empty(capacity),
        np.empty(capacity), np.empty((capacity, capacity + 8)))


@fast
def eliminate(R, k, b):
    """Overwrite b[:k] by R^-T b[:k], four rows of R at a time."""
    i = 0
    while i + 4 <= k:
        r0, r1, r2, r3 = R[i], R[i + 1], R[i + 2], R[i + 3]
        b0 = b[i] / r0[i]
        b1 = (b[i + 1] - b0 * r0[i + 1]) / r1[i + 1]
        b2 = (b[i + 2] - b0 * r0[i + 2] - b1 * r1[i + 2]) / r2[i + 2]
        b3 = (b[i + 3] - b0 * r0[i + 3] - b1 * r1[i + 3]
              - b2 * r2[i + 3]) / r3[i + 3]
        b[i], b[i + 1], b[i + 2], b[i + 3] = b0, b1, b2, b3
        for j in range(i + 4, k):
            b[j] -= (b0 * r0[j] + b1 * r1[j]) + (b2 * r2[j] + b3 * r3[j])
        i += 4
    while i < k:
        b[i] /= R[i, i]
        for j in range(i + 1, k):
            b[j] -= b[i] * R[i, j]
        i += 1


@fast
def back_substitute(R, k, b):
    """Overwrite b[:k] by R^-1 b[:k]."""
    for i in range(k - 1, -1, -1):
        row, s = R[i], b[i]
        for j in range(i + 1, k):
            s -= row[j] * b[j]
        b[i] = s / row[i]


@fast
def append(gram, face, k, j, sign, descent):
    """Append atom j to a face of k; False if it depends on those there.

    Leaves R^-T G_Sj in face.move.
    """
    R, b = face.factor, face.move
    for i in range(k):
        b[i] = gram[j, face.atom[i]]
    eliminate(R, k, b)
    pivot = gram[j, j]
    for i in range(k):
        pivot -= b[i] * b[i]
    if pivot <= DEPENDENT * gram[j, j] or k == len(face.atom):
        return False
    for i in range(k):
        R[i, k] = b[i]
    R[k, k] = np.sqrt(pivot)
    face.atom[k], face.sign[k], face.descent[k] = j, sign, descent
    return True


@fast
def remove(face, k, p):
    """Remove the p-th of the k atoms of a face."""
    R = face.factor
    for i in range(p, k - 1):
        face.atom[i] = face.atom[i + 1]
        face.sign[i] = face.sign[i + 1]
        face.descent[i] = face.descent[i + 1]
    for i in range(k):
        row = R[i]
        for j in range(max(p, i - 1), k - 1):
            row[j] = row[j + 1]
    for i in range(p, k - 1):  # rotate the subdiagonal away
        above, below = R[i], R[i + 1]
        r = np.hypot(above[i], below[i])
        cos, sin = above[i] / r, below[i] / r
        above[i] = r
        for j in range(i + 1, k - 1):
            a, b = above[j], below[j]
            above[j] = cos * a + sin * b
            below[j] = cos * b - sin * a


@fast
def exchange(z, face, k, j, sign):
    """Let atom j = D_S v grow at the expense of those that it depends on.

    Along z_S - t sign v, z_j + t sign the fit stays and the l1 norm changes by
    t (1 - sign s'v), which is downhill at a minimiser of the face where j
    violates its bound: D_S'(x - Dz) = lmbd s makes d_j'(x - Dz) = lmbd s'v.
    Ends where a first coefficient is zero. Expects R^-T G_Sj in face.move.

    Returns
    -------
    int : the position of that atom, or -1 if rounding hides the descent.
    """
    v = face.move
    back_substitute(face.factor, k, v)
    length, first = np.inf, -1
    for i in range(k):
        if sign * v[i] * face.sign[i] > 0:
            t = abs(z[face.atom[i]] / v[i])
            if t < length:
                length, first = t, i
    if first >= 0:
        for i in range(k):
            z[face.atom[i]] -= length * sign * v[i]
        z[face.atom[first]] = 0
        z[j] += length * sign
    return first


@fast
def update_descent(lmbd, face, k, corr):
    """Negative gradient of the cost on the face."""
    for i in range(k):
        face.descent[i] = corr[face.atom[i]] - lmbd * face.sign[i]


@fast
def copy(values, to):
    """to[:] = values, without the checks of a slice."""
    for i in range(len(to)):
        to[i] = values[i]


@fast
def add_atom(gram, scale, j, corr):
    """corr += scale D'd_j."""
    row = gram[j]
    for i in range(len(corr)):
        corr[i] += scale * row[i]


@fast
def restore(gram, c, z, face, corr):
    """The face of a start point, corr = D'(x - Dz) there.

    Dependent atoms are set to zero.
    """
    copy(c, corr)
    k = 0
    for j in range(len(z)):
        if z[j] != 0:
            if append(gram, face, k, j, np.sign(z[j]), 0.0):
                add_atom(gram, -z[j], j, corr)
                k += 1
            else:
                z[j] = 0
    return k


@fast
def enter(gram, lmbd, z, corr, bound, face, k):
    """Let the atoms enter that violate |d_j'(x - Dz)| <= lmbd the most.

    bound = max |corr|. The atom that attains it is never refused: if it
    depends on the face, it replaces an atom there.

    Returns
    -------
    k, entered : the atoms of the face, and how many are new.
    """
    worst = 0
    while worst < len(corr) and abs(corr[worst]) < bound:
        worst += 1
    entry = lmbd + ENTRY * (bound - lmbd)
    if worst == len(corr) or z[worst] != 0 or entry <= lmbd:
        return k, 0
    sign = np.sign(corr[worst])
    descent = corr[worst] - lmbd * sign
    while not append(gram, face, k, worst, sign, descent):
        leaver = exchange(z, face, k, worst, sign)
        if leaver < 0:
            z[worst] = 0
            return k, 0
        remove(face, k, leaver)
        k -= 1
    k += 1
    entered = 1
    for j in range(len(z)):
        if abs(corr[j]) >= entry and z[j] == 0 and j != worst:
            sign = np.sign(corr[j])
            if append(gram, face, k, j, sign, corr[j] - lmbd * sign):
                k += 1
                entered += 1
    return k, entered


@fast
def descend(z, face, k):
    """Minimise over the face; atoms leave whose coefficients reach zero.

    Returns
    -------
    k, refused : the atoms that stay, and how many left without a move.
    """
    atom, sign, descent, move = face.atom, face.sign, face.descent, face.move
    refused = 0
    while k > 0:
        move[:k] = descent[:k]
        eliminate(face.factor, k, move)
        back_substitute(face.factor, k, move)
        length, first = 1.0, -1
        for i in range(k):
            if (z[atom[i]] + move[i]) * sign[i] <= 0:
                t = -z[atom[i]] / move[i] if z[atom[i]] != 0 else 0.0
                if t <= length:
                    length, first = t, i
        if length == 0:
            for i in range(k - 1, -1, -1):
                if z[atom[i]] == 0 and move[i] * sign[i] <= 0:
                    # the moves of the atoms after i are settled already
                    remove(face, k, i)
                    k -= 1
                    refused += 1
            continue
        for i in range(k):
            z[atom[i]] += length * move[i]
            descent[i] *= 1 - length
        if first < 0:
            break
        z[atom[first]] = 0
        remove(face, k, first)
        k -= 1
    return k, refused


@fast
def correlate(gram, c, z, face, k, corr):
    """corr = D'(x - Dz) for z with support in the face, four atoms a pass."""
    copy(c, corr)
    atom = face.atom
    i = 0
    while i + 4 <= k:
        j0, j1, j2, j3 = atom[i], atom[i + 1], atom[i + 2], atom[i + 3]
        g0, g1, g2, g3 = gram[j0], gram[j1], gram[j2], gram[j3]
        z0, z1, z2, z3 = z[j0], z[j1], z[j2], z[j3]
        for j in range(len(corr)):
            corr[j] -= (z0 * g0[j] + z1 * g1[j]) + (z2 * g2[j] + z3 * g3[j])
        i += 4
    while i < k:
        add_atom(gram, -z[atom[i]], atom[i], corr)
        i += 1


@fast
def largest(corr):
    """The largest |corr_j|; four running maxima, which the CPU overlaps."""
    a = b = c = d = 0.0
    last = len(corr) - len(corr) % 4
    for j in range(0, last, 4):
        a = max(a, abs(corr[j]))
        b = max(b, abs(corr[j + 1]))
        c = max(c, abs(corr[j + 2]))
        d = max(d, abs(corr[j + 3]))
    for j in range(last, len(corr)):
        a = max(a, abs(corr[j]))
    return max(max(a, b), max(c, d))


@fast
def relative_gap(x_norm2, residual2, residual_x, l1, bound, lmbd):
    """Duality gap over F(0), for a residual r = x - Dz; see `duality_gap`.

    Parameters
    ----------
    x_norm2, residual2, residual_x : float, ||x||^2, ||r||^2 and r'x
    l1, bound : float, ||z||_1 and ||D'r||_inf
    """
    if x_norm2 == 0:
        return l1
    scale = min(1.0, lmbd / max(bound, 1e-300))
    primal = 0.5 * residual2 + lmbd * l1
    dual = scale * residual_x - 0.5 * scale**2 * residual2
    return 2 * (primal - dual) / x_norm2


@fast
def gram_gap(c, x_norm2, lmbd, z, corr, bound):
    """The relative gap from Gram quantities: r'x and r'r by c'z and corr'z."""
    fit = product = l1 = 0.0
    for j in range(len(z)):
        fit += c[j] * z[j]
        product += corr[j] * z[j]
        l1 += abs(z[j])
    residual_x = x_norm2 - fit
    return relative_gap(
        x_norm2, residual_x - product, residual_x, l1, bound, lmbd)


@fast
def gaps(x, lmbd, z, residual, corr):
    """Relative gap of each row, given residual = x - zD', corr = residual D.

    Shapes (n_samples, .), and (n_samples,) for lmbd and the result.
    """
    gap = np.empty(len(x))
    for i in range(len(x)):
        x_norm2 = residual2 = residual_x = l1 = 0.0
        for j in range(x.shape[1]):
            x_norm2 += x[i, j] ** 2
            residual2 += residual[i, j] ** 2
            residual_x += residual[i, j] * x[i, j]
        for j in range(z.shape[1]):
            l1 += abs(z[i, j])
        gap[i] = relative_gap(
            x_norm2, residual2, residual_x, l1, largest(corr[i]), lmbd[i])
    return gap


@fast
def solve_one(gram, c, x_norm2, lmbd, z, tol, max_rounds, face, k, corr):
    """Solve one problem in place, from the face of k atoms that z lies on.

    Returns
    -------
    int : the number of atoms of the solution's face.
    """
    update_descent(lmbd, face, k, corr)
    entered = idle = 0
    for _ in range(max_rounds):
        k, refused = descend(z, face, k)
        correlate(gram, c, z, face, k, corr)
        bound = largest(corr)
        if gram_gap(c, x_norm2, lmbd, z, corr, bound) <= tol:
            break
        idle = idle + 1 if refused == entered else 0
        if idle == 3:  # what is left is rounding
            break
        update_descent(lmbd, face, k, corr)
        k, entered = enter(gram, lmbd, z, corr, bound, face, k)
    return k


@fast
def solve_batch(gram, c, x_norm2, lmbd, z, tol, max_rounds, rank):
    """Solve every problem of the batch in place, on the calling thread.

    Parameters
    ----------
    gram : ndarray, shape (n_atoms, n_atoms)
        D'D, with a positive diagonal.
    c : ndarray, shape (n_samples, n_atoms)
        x D.
    x_norm2 : ndarray, shape (n_samples,)
    lmbd : ndarray, shape (n_samples, n_regs)
        Each problem is solved for one after the other, on the face that the
        one before ends on.
    z : ndarray, shape (n_samples, n_regs, n_atoms)
        Overwritten by the solutions; z[:, 0] is the start point.
    tol : float
        Relative duality gap at which a problem is done.
    max_rounds : int
        Bound on the rounds of a problem.
    rank : int
        Bound on the rank of D; a factor of rank^2 numbers is held.
    """
    face, corr = empty_face(rank), np.empty(len(gram))
    for i in range(len(c)):
        for r in range(lmbd.shape[1]):
            if r == 0:
                k = restore(gram, c[i], z[i, 0], face, corr)
            else:
                z[i, r] = z[i, r - 1]
            k = solve_one(gram, c[i], x_norm2[i], lmbd[i, r], z[i, r], tol,
                          max_rounds, face, k, corr)
