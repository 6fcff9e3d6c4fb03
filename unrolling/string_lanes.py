"""The taut strings of several rows at once, for CPUs with vectors.

`unrolling.string_walking` looks for the next bend of one string. When it will
find it, no processor can guess, and a wrong guess costs as much as seven
looks at a sample, which matters where segments are short. So `follow_together`
walks along LANES strings without a branch: each lane looks at one sample of
its string, then all look again. A lane that is done takes the next row, and
all threads take theirs from one counter, so that they end together.

One module, since numba's cache of a function looks at the file that it is in
alone, not at those of the functions that it calls.
"""
from functools import cache

import numpy as np
from llvmlite.binding import get_host_cpu_features
from numba import config, njit, types
from numba.extending import intrinsic

from unrolling.string_walking import fast

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


@cache
def vectors_are_wide():
    """Whether numba compiles for vectors of four numbers (AVX2), with which
    `follow_together` is faster, and without which it is slower."""
    try:
        return config.CPU_NAME is None and bool(
            get_host_cpu_features().get("avx2"))
    except RuntimeError:  # LLVM cannot tell
        return False


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


@intrinsic
def take(typing_context, counter):
    """counter[0], to which 1 is added before another thread can see it."""
    def build(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(
            context, builder, arguments[0])
        one = context.get_constant(types.int64, 1)
        return builder.atomic_rmw("add", array.data, one, "monotonic")

    return types.int64(counter), build


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
def settle(state, k, row, budget, out, todo, n_todo):
    """Fill in what a lane has found of its row; a row that it has not ended
    becomes the last of the n_todo rows to do. Returns their number."""
    done = state[DONE + k] > 0
    if done:
        fill(out)
        if np.isnan(state[SLOPE + k]):  # fill took it for no value
            out[:] = np.nan
        return n_todo
    start = state[START + k] - row * len(out)
    fill(out[:np.int64(start)])
    todo[n_todo, 0], todo[n_todo, 1] = row, start
    todo[n_todo, 2], todo[n_todo, 3] = state[MIDDLE + k], budget
    return n_todo + 1


@fast
def follow_together(u, lmbd, first, counter, most, out):
    """Follow LANES rows and others; a lane that is done takes the next row.

    The last FEW are not followed to the end, nor are those that have used
    their budget.

    Parameters
    ----------
    u : ndarray of float32 or float64, shape (n_samples, n_times)
    lmbd : ndarray of float64, shape (n_samples,)
    first : int
        The first of the LANES rows to begin with.
    counter : ndarray of int64, shape (1,)
        The row that the next lane takes which is done, of any thread.
    most : int
        The budget of a row: samples to look at, about.
    out : ndarray, shape and dtype of u
        The solutions, up to a bend where they are not ended.

    Returns
    -------
    ndarray of float64, shape (n_todo, 4)
        The rows that are not ended, as `string_walking.finish` takes them.
    """
    m, n = u.shape
    y, slopes, state = u.reshape(-1), out.reshape(-1), np.zeros(N_STATE)
    row, budget = np.arange(first, first + LANES), np.full(LANES, most)
    todo, n_todo, n_active = np.empty((m, 4)), 0, LANES
    for k in range(LANES):
        begin(state, k, row[k], lmbd[row[k]], out[row[k]])
    while n_active > FEW:
        look_often(y, state, slopes)
        n_active = 0
        for k in range(LANES):
            budget[k] -= LOOKS
            if state[DONE + k] == 0 and budget[k] > 0:
                n_active += 1
                continue
            i = take(counter)
            if i < m:
                n_todo = settle(
                    state, k, row[k], budget[k], out[row[k]], todo, n_todo)
                begin(state, k, i, lmbd[i], out[i])
                row[k], budget[k] = i, most
                n_active += 1
    for k in range(LANES):
        n_todo = settle(
            state, k, row[k], budget[k], out[row[k]], todo, n_todo)
    return todo[:n_todo]
