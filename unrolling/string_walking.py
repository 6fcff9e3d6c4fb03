"""The taut string of each row of an array, for CPUs.

`unrolling.taut_string` says what the string is. `follow` walks along it as L.
Condat (A direct algorithm for 1-D total variation denoising, IEEE Signal
Process. Lett. 20, 2013) does: it keeps the cone of lines from the last bend
that stay in the tube, and goes back to where the string bends once the cone
is empty. Where the bend will be, no processor can guess, and a wrong guess
costs as much as five samples. So `follow_together` walks along LANES strings
at once, without a branch: each lane looks at one sample, then all do again.

The walk is fast, but quadratic where the signal is smooth: each bend is seen
long after it. So a walk that has gone back too often leaves the rest to
`dynamic_program`, which is slower and linear.

One module, since numba's cache of a function looks at the file that it is in
alone, not at those of the functions that it calls.
"""
import numpy as np
from llvmlite.binding import get_host_cpu_features
from numba import config, njit

BUDGET = 4
"""Samples that a walk may look at, as a multiple of the row's length."""

PADDING = 4
"""Entries that `follow` writes at once, some of them beyond a segment."""

LANES = 16
"""Strings that `follow_together` walks along."""

HALF = LANES // 2
"""Lanes that look at their samples while those of the others are fetched."""

FEW = 8
"""So few rows take less time one after the other."""

LOOKS = 32
"""Samples that each lane looks at until it is asked whether it is done."""

(START, MIDDLE, POSITION, HEIGHT, LOWEST, HIGHEST, END_LOW, END_HIGH, LAST,
 LMBD, SAMPLE, WRITE_AT, SLOPE, DONE, N_STATE) = range(0, 15 * LANES, LANES)
"""Where each number of all lanes is in one array, of which the compiler knows
what overlaps, so that it forms vectors. Positions count the samples of all
rows."""



def vectors_are_wide():
    """Whether numba compiles for vectors of four numbers (AVX2), with which
    `follow_together` is faster, and without which it is slower."""
    try:
        return config.CPU_NAME is None and bool(
            get_host_cpu_features().get("avx2"))
    except RuntimeError:  # LLVM cannot tell
        return False


VECTORS = vectors_are_wide()

fast = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})


@fast
def follow(y, lmbd, inverse, start, middle, budget, out):
    """Write the slopes of the string, as far as the budget goes.

    Parameters
    ----------
    y : ndarray of float64, shape (n_times,)
    lmbd : float
    inverse : ndarray, shape (n_times + 1,)
        1 / k at k, for k > 0.
    start, middle : int, float
        A bend: the samples before it are done. From there, the middle of the
        tube is so high: -lmbd or lmbd, or 0 at the beginning.
    budget : int
        Number of samples to look at, about.
    out : ndarray of float64, shape (n_times + PADDING,)

    Returns
    -------
    start, middle
        The bend that it has come to.
    """
    n = len(y)
    while start < n and budget > 0:
        height, lowest, highest = middle, -np.inf, np.inf
        end_low = end_high = start
        side, j = 0.0, start
        while j < n - 1:
            height += y[j]
            j += 1
            low = (height - lmbd) * inverse[j - start]
            high = (height + lmbd) * inverse[j - start]
            if low > highest:
                side = 1.0
                break
            if high < lowest:
                side = -1.0
                break
            end_low = j if low >= lowest else end_low
            lowest = low if low >= lowest else lowest
            end_high = j if high <= highest else end_high
            highest = high if high <= highest else highest
        budget -= j - start
        if side == 0:
            value = (height + y[n - 1]) * inverse[n - start]
            side = 1.0 if value > highest else -1.0 if value < lowest else 0.0
            end = n
        if side > 0:
            value, end = highest, end_high
        elif side < 0:
            value, end = lowest, end_low
        # most segments are short: no loop, and no guess of its length
        out[start] = out[start + 1] = value
        out[start + 2] = out[start + 3] = value
        for i in range(start + PADDING, end):
            out[i] = value
        start, middle = end, -side * lmbd if side != 0 else 0.0
    return start, middle


@fast
def dynamic_program(y, lmbd, out):
    """Write the solution of one row, in O(n_times) whatever y is.

    The derivative of the least cost of the first k samples, as a function of
    the k-th value, is piecewise linear and increasing. It is kept as its
    knots, and for each the changes of slope and intercept there; `first` and
    `last` is where it is clipped to [-lmbd, lmbd]. (N. Johnson, A dynamic
    programming algorithm for the fused lasso and L0-segmentation, J. Comput.
    Graph. Stat. 22, 2013.)

    Parameters
    ----------
    y, out : ndarrays of float64, shape (n_times,)
    lmbd : float
    """
    n = len(y)  # out may be longer
    knot, slope, intercept = np.empty((3, 2 * n + 2))
    lowest, highest = np.empty((2, n))
    first, last = n + 1, n
    for k in range(n):
        bound = 0.0 if k == n - 1 else lmbd
        below = lmbd if k > 0 else 0.0  # what the sample before adds at most
        a, b = 1.0, -y[k] - below
        while first <= last and a * knot[first] + b <= -bound:
            a, b = a + slope[first], b + intercept[first]
            first += 1
        lowest[k] = (-bound - b) / a
        if k == n - 1:
            break
        c, d = 1.0, -y[k] + below
        while first <= last and c * knot[last] + d >= bound:
            c, d = c - slope[last], d - intercept[last]
            last -= 1
        highest[k] = (bound - d) / c
        first -= 1
        last += 1
        knot[first], slope[first], intercept[first] = lowest[k], a, b + bound
        knot[last], slope[last], intercept[last] = highest[k], -c, bound - d
    out[n - 1] = lowest[n - 1]
    for k in range(n - 2, -1, -1):
        out[k] = min(max(out[k + 1], lowest[k]), highest[k])


@fast
def fetch(y, state, first):
    """Fetch the next sample of each lane of a half."""
    for k in range(first, first + HALF):
        # unsigned, so that no position can count from the end
        state[SAMPLE + k] = y[np.uint64(np.int64(state[POSITION + k]))]


@fast
def write(state, out, first):
    """Write the slopes that are known now where the segments start: the last
    that is written there is right."""
    for k in range(first, first + HALF):
        out[np.uint64(np.int64(state[WRITE_AT + k]))] = state[SLOPE + k]


@njit(inline="always")
def look(state, first):
    """Let a half look at its samples, as the inner loop of `follow` does.

    A lane at the end of its row finds the same whenever it looks again.
    """
    for k in range(first, first + HALF):
        start, position, last = (
            state[START + k], state[POSITION + k], state[LAST + k])
        before, middle, lmbd = (
            state[HEIGHT + k], state[MIDDLE + k], state[LMBD + k])
        lowest, highest = state[LOWEST + k], state[HIGHEST + k]
        end_low, end_high = state[END_LOW + k], state[END_HIGH + k]
        at_last, end = position == last, position + 1
        height, width = before + state[SAMPLE + k], 0.0 if at_last else lmbd
        inverse = 1 / (end - start)
        low, high = (height - width) * inverse, (height + width) * inverse
        up, down = low > highest, high < lowest
        bends = up | down
        end_low = end if low >= lowest else end_low
        lowest = low if low >= lowest else lowest
        end_high = end if high <= highest else end_high
        highest = high if high <= highest else highest
        # the slope and the end of the segment, if it ends here
        slope = lowest if down else low
        slope = highest if up else slope
        bend = end_high if up else end_low
        turned = -lmbd if up else lmbd
        done = 1.0 if at_last else 0.0
        height = before if at_last else height
        state[WRITE_AT + k], state[SLOPE + k] = start, slope
        state[DONE + k] = 0.0 if bends else done
        state[START + k] = bend if bends else start
        state[MIDDLE + k] = turned if bends else middle
        state[POSITION + k] = bend if bends else min(end, last)
        state[HEIGHT + k] = turned if bends else height
        state[LOWEST + k] = -np.inf if bends else lowest
        state[HIGHEST + k] = np.inf if bends else highest
        state[END_LOW + k], state[END_HIGH + k] = end_low, end_high


@fast
def look_often(y, state, out):
    """Let each lane look at LOOKS samples, or until it is done."""
    fetch(y, state, 0)
    for _ in range(LOOKS):
        fetch(y, state, HALF)
        look(state, 0)
        write(state, out, 0)
        fetch(y, state, 0)
        look(state, HALF)
        write(state, out, HALF)


@fast
def begin(state, k, row, lmbd, out):
    """Place a lane at the beginning of a row, of which out gets the slopes."""
    n, out[:] = len(out), np.nan
    state[START + k] = state[POSITION + k] = row * n
    state[LAST + k], state[LMBD + k] = row * n + n - 1, lmbd
    state[MIDDLE + k] = state[HEIGHT + k] = state[DONE + k] = 0
    state[LOWEST + k], state[HIGHEST + k] = -np.inf, np.inf


@fast
def fill(out):
    """Give NaN entries the value before them."""
    value = out[0]
    for i in range(len(out)):
        value = value if np.isnan(out[i]) else out[i]
        out[i] = value


@fast
def finish(y, lmbd, inverse, start, middle, budget, solution, out):
    """Solve a row from a bend on, by a walk within the budget and a program.

    solution (n_times + PADDING,) is overwritten.
    """
    bend, middle = follow(y, lmbd, inverse, start, middle, budget, solution)
    if bend < len(y):
        rest = y[bend:].copy()
        rest[0] += middle
        dynamic_program(rest, lmbd, solution[bend:])
    for i in range(start, len(y)):
        out[i] = solution[i]


@fast
def settle(y, lmbd, inverse, state, k, row, budget, solution, out):
    """Write the solution of the row that a lane has followed so far."""
    n = len(y)
    done = state[DONE + k] > 0
    start = n if done else np.int64(state[START + k]) - row * n
    fill(out[:start])
    if done and np.isnan(state[SLOPE + k]):  # fill took it for no value
        out[:] = np.nan
    finish(y, lmbd, inverse, start, state[MIDDLE + k], budget, solution, out)


@fast
def follow_together(u, lmbd, inverse, solution, out):
    """Solve rows, LANES or more; a lane that is done takes the next row.

    The last FEW are finished alone, as are those that have used their budget.
    Parameters as for `strings`; solution as for `finish`.
    """
    m, n = u.shape
    y, slopes, state = u.reshape(-1), out.reshape(-1), np.zeros(N_STATE)
    row, budget = np.arange(LANES), np.full(LANES, BUDGET * n)
    for k in range(LANES):
        begin(state, k, k, lmbd[k], out[k])
    n_begun = n_active = LANES
    while n_active > FEW:
        look_often(y, state, slopes)
        n_active = 0
        for k in range(LANES):
            budget[k] -= LOOKS
            if state[DONE + k] == 0 and budget[k] > 0:
                n_active += 1
            elif n_begun < m:
                i = row[k]
                settle(u[i], lmbd[i], inverse, state, k, i, 0, solution,
                       out[i])
                begin(state, k, n_begun, lmbd[n_begun], out[n_begun])
                row[k], budget[k] = n_begun, BUDGET * n
                n_begun += 1
                n_active += 1
    for k in range(LANES):
        i = row[k]
        settle(u[i], lmbd[i], inverse, state, k, i, budget[k], solution,
               out[i])


@fast
def strings(u, lmbd, inverse, out):
    """`unrolling.taut_string.taut_string` of rows, on the calling thread.

    Parameters
    ----------
    u : ndarray of float64, shape (n_samples, n_times)
    lmbd : ndarray of float64, shape (n_samples,)
    inverse : ndarray, shape (n_times + 1,)
        As for `follow`.
    out : ndarray of float32 or float64, shape (n_samples, n_times)
    """
    m, n = u.shape
    solution = np.empty(n + PADDING)
    if VECTORS and m >= LANES:
        follow_together(u, lmbd, inverse, solution, out)
        return
    for i in range(m):
        finish(u[i], lmbd[i], inverse, 0, 0.0, BUDGET * n, solution, out[i])
