"""Many Lasso problems that share one Gram matrix, solved to high accuracy.

Each problem is solved by an active-set method. Its state is a *face*: the
support S of z, the signs s there, and the upper triangular R with R'R = G_SS.
A round

1. lets atoms enter whose correlation |d_j'(x - Dz)| exceeds lmbd;
2. moves to the minimiser of the face's quadratic, z_S + G_SS^-1 (D_S'(x - Dz)
   - lmbd s), or as far as the first coefficient that would change its sign:
   its atom leaves the face, and the move is repeated without it;
3. stops once the duality gap is small enough, or, where rounding hides the
   way down, once neither the gap nor the cost has become smaller for PATIENCE
   rounds: the point with the smallest gap is then returned.

Step 2 never increases the cost and step 1 makes it decrease, so no face is
visited twice (feature-sign search: H. Lee et al., Efficient sparse coding
algorithms, NIPS 2006). Lee et al. let one atom enter at a time and solve each
face anew, in k^3 operations; here several enter together, and R is updated, in
k^2: a row is appended, or removed by rotations (P. E. Gill, G. H.
Golub, W. Murray and M. A. Saunders, Methods for modifying matrix
factorizations, Math. Comp. 28, 1974).

One module, since numba's cache of a function looks at the file that it is in
alone, not at those of the functions that it calls.
"""
from typing import NamedTuple

import numpy as np
from numba import njit

ENTRY = 0.6
"""Atoms enter whose excess |d_j'(x - Dz)| - lmbd is this share of the largest:
fewer make more rounds, and more of them leave again."""

ENTRY_CORRELATED = 0.1
"""The same where neighbouring atoms are almost parallel. If one of them has a
large excess, so have the others, and most of them would leave again: only the
largest of a run of neighbours enters, if no atom of the run has."""

DEPENDENT = 1e-11
"""A squared pivot of R below this share of the atom's squared norm is zero."""

PATIENCE = 20
"""Rounds that may follow each other without progress. A round has made some
if the gap is 10% below, or the cost 1e-12 F(0) below, what it was then."""

BLOCK = 64
"""Correlations are kept with the peaks of so many at a time."""

fast = njit(cache=True, nogil=True, error_model="numpy",
            fastmath={"reassoc", "contract", "nsz"})


class Face(NamedTuple):
    """Arrays of which the first k entries describe a face of k atoms."""

    atom: np.ndarray
    """(capacity,) int"""
    sign: np.ndarray
    """(capacity,) +1 or -1"""
    descent: np.ndarray
    """(capacity,) R^-T (D_S'(x - Dz) - lmbd s), of the negative gradient"""
    move: np.ndarray
    """(capacity,) scratch: right-hand sides, then the move of z_S"""
    factor: np.ndarray
    """(capacity, capacity + 8) R in its upper part, its diagonal inverted, so
    that no solve divides; rows of a power of two would all start in one set
    of the cache"""


class Kept(NamedTuple):
    """The point with the smallest gap so far, as a face keeps its own."""

    atom: np.ndarray
    """(capacity,) int"""
    value: np.ndarray
    """(capacity,) z there"""


class Correlations(NamedTuple):
    """D'(x - Dz), as far as a round needs to look at it."""

    values: np.ndarray
    """(n_atoms, up to a multiple of BLOCK,), zero beyond the atoms"""
    peaks: np.ndarray
    """(n_blocks,), the largest |values| of each block"""


@fast
def empty_face(capacity):
    """Room for a face of so many atoms."""
    return Face(
        np.empty(capacity, np.int64), np.empty(capacity), np.zeros(capacity),
        np.empty(capacity), np.empty((capacity, capacity + 8)))


@fast
def empty_correlations(n_atoms):
    """Room for the correlations of so many atoms."""
    n_blocks = -(-n_atoms // BLOCK)
    return Correlations(np.zeros(n_blocks * BLOCK), np.zeros(n_blocks))


@fast
def eliminate(R, k, b):
    """Overwrite b[:k] by R^-T b[:k], four rows of R at a time."""
    i = 0
    while i + 4 <= k:
        r0, r1, r2, r3 = R[i], R[i + 1], R[i + 2], R[i + 3]
        b0 = b[i] * r0[i]
        b1 = (b[i + 1] - b0 * r0[i + 1]) * r1[i + 1]
        b2 = (b[i + 2] - b0 * r0[i + 2] - b1 * r1[i + 2]) * r2[i + 2]
        b3 = (b[i + 3] - b0 * r0[i + 3] - b1 * r1[i + 3]
              - b2 * r2[i + 3]) * r3[i + 3]
        b[i], b[i + 1], b[i + 2], b[i + 3] = b0, b1, b2, b3
        for j in range(i + 4, k):
            b[j] -= (b0 * r0[j] + b1 * r1[j]) + (b2 * r2[j] + b3 * r3[j])
        i += 4
    while i < k:
        b[i] *= R[i, i]
        for j in range(i + 1, k):
            b[j] -= b[i] * R[i, j]
        i += 1


@fast
def back_substitute(R, k, b):
    """Overwrite b[:k] by R^-1 b[:k], four rows of R at a time."""
    i = k
    while i >= 4:
        i -= 4
        r0, r1, r2, r3 = R[i], R[i + 1], R[i + 2], R[i + 3]
        s0, s1, s2, s3 = b[i], b[i + 1], b[i + 2], b[i + 3]
        for j in range(i + 4, k):
            s0 -= r0[j] * b[j]
            s1 -= r1[j] * b[j]
            s2 -= r2[j] * b[j]
            s3 -= r3[j] * b[j]
        s3 *= r3[i + 3]
        s2 = (s2 - s3 * r2[i + 3]) * r2[i + 2]
        s1 = (s1 - s3 * r1[i + 3] - s2 * r1[i + 2]) * r1[i + 1]
        s0 = (s0 - s3 * r0[i + 3] - s2 * r0[i + 2] - s1 * r0[i + 1]) * r0[i]
        b[i], b[i + 1], b[i + 2], b[i + 3] = s0, s1, s2, s3
    while i > 0:
        i -= 1
        row, s = R[i], b[i]
        for j in range(i + 1, k):
            s -= row[j] * b[j]
        b[i] = s * row[i]


@fast
def append(gram, face, k, j, sign, descent):
    """Append atom j to a face of k; False if it depends on those there.

    descent = d_j'(x - Dz) - lmbd sign. Leaves R^-T G_Sj in face.move.
    """
    R, b = face.factor, face.move
    for i in range(k):
        b[i] = gram[j, face.atom[i]]
    eliminate(R, k, b)
    pivot = gram[j, j]
    for i in range(k):
        pivot -= b[i] * b[i]
        descent -= b[i] * face.descent[i]
    if pivot <= DEPENDENT * gram[j, j] or k == len(face.atom):
        return False
    for i in range(k):
        R[i, k] = b[i]
    R[k, k] = 1 / np.sqrt(pivot)
    face.atom[k], face.sign[k], face.descent[k] = j, sign, descent * R[k, k]
    return True


@fast
def remove(face, k, p):
    """Remove the p-th of the k atoms of a face.

    Without its column, R has a subdiagonal from row p on, which rotations of
    neighbouring rows remove; they carry R^-T of any vector along.
    """
    R, descent = face.factor, face.descent
    for i in range(p):
        row = R[i]
        for j in range(p, k - 1):
            row[j] = row[j + 1]
    for i in range(p, k - 1):
        face.atom[i], face.sign[i] = face.atom[i + 1], face.sign[i + 1]
        above, below = R[i], R[i + 1]
        a, b = above[i + 1], 1 / below[i + 1]
        inverse = 1 / np.sqrt(a * a + b * b)
        cos, sin = a * inverse, b * inverse
        above[i] = inverse
        for j in range(i + 2, k):
            a, b = above[j], below[j]
            above[j - 1] = cos * a + sin * b
            below[j] = cos * b - sin * a
        a, b = descent[i], descent[i + 1]
        descent[i] = cos * a + sin * b
        descent[i + 1] = cos * b - sin * a


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
    """Descent of the cost on the face, from the correlations there."""
    for i in range(k):
        face.descent[i] = corr.values[face.atom[i]] - lmbd * face.sign[i]
    eliminate(face.factor, k, face.descent)


@fast
def restore(gram, z, face):
    """The face of a start point: its number of atoms.

    Dependent atoms are set to zero.
    """
    l1 = 0.0
    for j in range(len(z)):
        l1 += abs(z[j])
    k = 0
    if l1 > 0:
        for j in range(len(z)):
            if z[j] != 0:
                if append(gram, face, k, j, np.sign(z[j]), 0.0):
                    k += 1
                else:
                    z[j] = 0
    return k


@fast
def enter_by_runs(gram, lmbd, z, values, entry, entered, face, k):
    """Let the largest of each run of neighbours enter that all violate their
    bound on one side, if it reaches entry and none of them has entered.

    Returns
    -------
    k : int, the number of atoms of the face.
    """
    j = 0
    while j < len(z):
        if not abs(values[j]) > lmbd:  # nor NaN
            j += 1
            continue
        sign, peak, there, known = np.sign(values[j]), 0.0, j, False
        while j < len(z) and sign * values[j] > lmbd:
            there = j if sign * values[j] > peak else there
            peak = max(peak, sign * values[j])
            known = known | (z[j] != 0) | (j == entered)
            j += 1
        if peak >= entry and not known and append(
                gram, face, k, there, sign, sign * (peak - lmbd)):
            k += 1
    return k


@fast
def enter(gram, lmbd, z, corr, bound, face, k, correlated):
    """Let the atoms enter that violate |d_j'(x - Dz)| <= lmbd the most.

    bound = max |d_j'(x - Dz)|. The atom that attains it is never refused: if
    it depends on the face, it replaces an atom there. For correlated, see
    ENTRY_CORRELATED.

    Returns
    -------
    k : int, the number of atoms of the face.
    """
    values, peaks = corr
    block = 0
    while peaks[block] < bound:
        block += 1
    worst = block * BLOCK
    while abs(values[worst]) < bound:
        worst += 1
    share = ENTRY_CORRELATED if correlated else ENTRY
    entry = lmbd + share * (bound - lmbd)
    if z[worst] != 0 or entry <= lmbd:
        return k
    sign = np.sign(values[worst])
    while not append(gram, face, k, worst, sign, values[worst] - lmbd * sign):
        leaver = exchange(z, face, k, worst, sign)
        if leaver < 0:
            z[worst] = 0
            return k
        remove(face, k, leaver)
        k -= 1
    k += 1
    if correlated:
        return enter_by_runs(gram, lmbd, z, values, entry, worst, face, k)
    for block in range(len(peaks)):
        if peaks[block] < entry:
            continue
        for j in range(block * BLOCK, (block + 1) * BLOCK):
            if abs(values[j]) >= entry and z[j] == 0 and j != worst:
                sign = np.sign(values[j])
                if append(gram, face, k, j, sign, values[j] - lmbd * sign):
                    k += 1
    return k


@fast
def descend(z, face, k):
    """Minimise over the face; atoms leave whose coefficients reach zero.

    Returns
    -------
    k : int, the number of atoms that stay.
    """
    atom, sign, descent, move = face.atom, face.sign, face.descent, face.move
    while k > 0:
        for i in range(k):
            move[i] = descent[i]
        back_substitute(face.factor, k, move)
        length, first = 1.0, -1
        for i in range(k):
            if (z[atom[i]] + move[i]) * sign[i] <= 0:
                t = -z[atom[i]] / move[i] if z[atom[i]] != 0 else 0.0
                if t <= length:
                    length, first = t, i
        if length == 0:
            z[atom[first]] = 0  # it may be so small that its step is zero
            for i in range(k - 1, -1, -1):
                if z[atom[i]] == 0 and move[i] * sign[i] <= 0:
                    # the moves of the atoms after i are settled already
                    remove(face, k, i)
                    k -= 1
            continue
        for i in range(k):
            z[atom[i]] += length * move[i]
            descent[i] *= 1 - length
        if first < 0:
            break
        z[atom[first]] = 0
        remove(face, k, first)
        k -= 1
    return k


@fast
def correlate(gram, c, z, face, k, corr):
    """corr = D'(x - Dz) for z with support in the face, four atoms a pass."""
    atom, values = face.atom, corr.values
    for j in range(len(c)):
        values[j] = c[j]
    for i in range(0, k, 4):
        left = k - i
        j0 = atom[i]
        j1 = atom[i + 1] if left > 1 else j0
        j2 = atom[i + 2] if left > 2 else j0
        j3 = atom[i + 3] if left > 3 else j0
        z0 = z[j0]
        z1 = z[j1] if left > 1 else 0.0
        z2 = z[j2] if left > 2 else 0.0
        z3 = z[j3] if left > 3 else 0.0
        g0, g1, g2, g3 = gram[j0], gram[j1], gram[j2], gram[j3]
        for j in range(len(c)):
            values[j] -= (z0 * g0[j] + z1 * g1[j]) + (z2 * g2[j] + z3 * g3[j])


@fast
def largest(corr):
    """The largest |d_j'(x - Dz)|, once the peaks are found.

    Absolute values compare as their bits do: of integers, the compiler finds
    eight maxima at a time.
    """
    values, peaks = corr.values.view(np.int64), corr.peaks.view(np.int64)
    bound = 0.0
    for block in range(len(peaks)):
        peak = np.int64(0)
        for j in range(block * BLOCK, (block + 1) * BLOCK):
            peak = max(peak, values[j] & np.int64(2**63 - 1))
        peaks[block] = peak
        bound = max(bound, corr.peaks[block])
    return bound


@fast
def gap_and_cost(x_norm2, residual2, residual_x, l1, bound, lmbd):
    """Duality gap and cost over F(0), for a residual r = x - Dz.

    See `duality_gap`: for x = 0, both are the l1 norm of z. Both are infinite
    where the cost overflows, or is NaN.

    Parameters
    ----------
    x_norm2, residual2, residual_x : float, ||x||^2, ||r||^2 and r'x
    l1, bound : float, ||z||_1 and ||D'r||_inf
    """
    if x_norm2 == 0:
        return l1, l1
    scale = min(1.0, lmbd / max(bound, 1e-300))
    primal = 0.5 * residual2 + lmbd * l1
    if not abs(primal) < np.inf:
        return np.inf, np.inf
    dual = scale * residual_x - 0.5 * scale**2 * residual2
    return 2 * (primal - dual) / x_norm2, 2 * primal / x_norm2


@fast
def gram_gap(c, x_norm2, lmbd, z, face, k, corr, bound):
    """`gap_and_cost` from Gram quantities: r'x and r'r by c'z and corr'z."""
    fit = product = l1 = 0.0
    for i in range(k):
        j = face.atom[i]
        fit += c[j] * z[j]
        product += corr.values[j] * z[j]
        l1 += abs(z[j])
    residual_x = x_norm2 - fit
    return gap_and_cost(
        x_norm2, residual_x - product, residual_x, l1, bound, lmbd)


@fast
def gram_gap_of_all(c, x_norm2, lmbd, z, corr):
    """`gram_gap` of a z whose support is not at hand."""
    fit = product = l1 = bound = 0.0
    for j in range(len(c)):
        fit += c[j] * z[j]
        product += corr[j] * z[j]
        l1 += abs(z[j])
        bound = max(bound, abs(corr[j]))
    residual_x = x_norm2 - fit
    return gap_and_cost(
        x_norm2, residual_x - product, residual_x, l1, bound, lmbd)


@fast
def gaps_and_costs(x, lmbd, z, residual, corr):
    """Gap and cost over F(0) of each row.

    Given residual = x - zD' and corr = residual D. Shapes (n_samples, .), and
    (n_samples,) for lmbd and both results.
    """
    gap, cost = np.empty(len(x)), np.empty(len(x))
    for i in range(len(x)):
        x_norm2 = residual2 = residual_x = l1 = bound = 0.0
        for j in range(x.shape[1]):
            x_norm2 += x[i, j] ** 2
            residual2 += residual[i, j] ** 2
            residual_x += residual[i, j] * x[i, j]
        for j in range(z.shape[1]):
            l1 += abs(z[i, j])
            bound = max(bound, abs(corr[i, j]))
        gap[i], cost[i] = gap_and_cost(
            x_norm2, residual2, residual_x, l1, bound, lmbd[i])
    return gap, cost


@fast
def keep(z, face, k, kept):
    """Copy z, whose support is in the face, to what is kept."""
    for i in range(k):
        kept.atom[i], kept.value[i] = face.atom[i], z[face.atom[i]]


@fast
def put_back(gram, z, face, k, kept, n_kept):
    """Replace z by the point that was kept; the atoms of its face."""
    for i in range(k):
        z[face.atom[i]] = 0
    for i in range(n_kept):
        z[kept.atom[i]] = kept.value[i]
    return restore(gram, z, face)


@fast
def solve_one(gram, c, x_norm2, lmbd, z, tol, max_rounds, face, k, corr, kept,
              correlated):
    """Solve one problem in place, from the face of k atoms that z lies on.

    A start point that costs more than zero, or that overflows, is left for
    zero. NaN compares as neither solved nor better.

    Returns
    -------
    k, gap, rounds : the number of atoms of the solution's face, its relative
        gap, and the rounds that it took.
    """
    if k > 0:
        correlate(gram, c, z, face, k, corr)
        update_descent(lmbd, face, k, corr)
        k = descend(z, face, k)
    least, lowest, best = np.inf, np.inf, np.inf
    n_kept = rounds = since = 0
    while True:
        correlate(gram, c, z, face, k, corr)
        bound = largest(corr)
        gap, cost = gram_gap(c, x_norm2, lmbd, z, face, k, corr, bound)
        if gap <= tol:
            return k, gap, rounds
        if rounds == 0 and k > 0 and not cost <= 1:
            k = put_back(gram, z, face, k, kept, 0)
            continue
        if rounds >= PATIENCE and gap < best and cost <= 1 + 1e-12:
            keep(z, face, k, kept)
            n_kept, best = k, gap
        if gap < 0.9 * least or cost < lowest - 1e-12:
            least, lowest, since = min(gap, least), min(cost, lowest), 0
        if rounds >= max_rounds and rounds < PATIENCE:
            return k, gap, rounds
        if rounds >= max_rounds or since > PATIENCE:
            return put_back(gram, z, face, k, kept, n_kept), best, rounds
        update_descent(lmbd, face, k, corr)
        k = enter(gram, lmbd, z, corr, bound, face, k, correlated)
        k = descend(z, face, k)
        rounds += 1
        since += 1


@fast
def new_face(rank):
    """Room for a face of so many atoms, and for the point to keep."""
    return empty_face(rank), Kept(np.empty(rank, np.int64), np.empty(rank))


@fast
def solve_from(gram, c, x_norm2, lmbd, z, tol, max_rounds, face, k, kept,
               correlated):
    """Solve one problem in place, from z; its atoms, and its rounds.

    face and kept are those of `new_face`. The face holds the support of z, k
    atoms, or k is -1: then it is found. The others are as for `solve_batch`.
    """
    if k < 0:
        k = restore(gram, z, face)
    corr = empty_correlations(len(z))
    k, _, rounds = solve_one(gram, c, x_norm2, lmbd, z, tol, max_rounds, face,
                             k, corr, kept, correlated)
    return k, rounds


@fast
def solve_batch(gram, c, x_norm2, lmbd, z, tol, max_rounds, rank,
                correlated=False):
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
    correlated : bool
        Whether neighbouring atoms are almost parallel: see ENTRY_CORRELATED.

    Returns
    -------
    gap, rounds : ndarrays, shape (n_samples, n_regs)
        Relative duality gaps, and the rounds that each problem took.
    """
    (face, kept), corr = new_face(rank), empty_correlations(len(gram))
    gap, rounds = np.empty(lmbd.shape), np.empty(lmbd.shape, np.int64)
    for i in range(len(c)):
        k = restore(gram, z[i, 0], face)
        for r in range(lmbd.shape[1]):
            if r > 0:
                z[i, r] = z[i, r - 1]
            k, gap[i, r], rounds[i, r] = solve_one(
                gram, c[i], x_norm2[i], lmbd[i, r], z[i, r], tol, max_rounds,
                face, k, corr, kept,
                correlated)
    return gap, rounds
