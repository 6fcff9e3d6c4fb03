"""TV-regularised regressions that share one A, solved to a certificate."""
from typing import NamedTuple

import numpy as np

from unrolling.checks import as_reals, check_regs, warn_of_gaps
from unrolling.linear import is_identity
from unrolling.options import COUNT, POSITIVE, check_options
from unrolling.parallel import one_blas_thread, slices
from unrolling.taut_string import taut_string
from unrolling.tv.batch import as_problem, as_signals
from unrolling.tv.synthesis import Synthesis

ATTEMPTS = 4
"""Solutions of the Lasso, each to a tenth of the tolerance before, for those
problems whose gap in u is too large."""


CAUSE = "A is singular, A1 is all but zero (centre the rows once more)"
"""Where rounding may limit the gap."""


class TV(NamedTuple):
    """Solutions of a batch of problems, with their certificates."""

    u: np.ndarray
    """(n_samples, n_times)"""
    gap: np.ndarray
    """(n_samples,), see `unrolling.tv.tv_duality_gap`"""


class TVPath(NamedTuple):
    """Solutions of a batch for several penalties."""

    lmbd: np.ndarray
    """(n_regs, n_samples)"""
    u: np.ndarray
    """(n_regs, n_samples, n_times)"""
    gap: np.ndarray
    """(n_regs, n_samples), see `unrolling.tv.tv_duality_gap`"""


def solve_tv(A, x, lmbd, tol=1e-6, *, delta=None, u0=None, max_rounds=10_000,
             memory=2**30):
    """Solve many TV-regularised regressions that share one matrix.

    min_u f(x - A u) + lmbd ||nabla u||_1 is a Lasso in the differences of u
    (see `unrolling.tv.synthesis`), which the active-set method of
    `unrolling.lasso` solves, parallel over the problems. A gap is that of the
    Lasso, whose dual points are feasible here, too, where rounding makes less
    than tol / 5 of a difference; otherwise it is computed from u and A. For
    A = I, the quadratic fit is solved by `unrolling.prox_tv`. It may be
    called on several threads.

    Parameters
    ----------
    A : ndarray, shape (n_dim, n_times)
        Columns may be zero. Tensors on the CPU that need no gradient are as
        good as arrays, here and below; the results are arrays.
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float or ndarray, shape (n_samples,)
        In the unit of A'x.
    tol : float
        Relative duality gap, gap / P(c*), to reach for every problem; c* is
        the best constant.
    delta : float or ndarray, shape (n_samples,), or None
        Where Huber's fit becomes linear, in the unit of x; None is the
        quadratic fit, 1/2 ||x - A u||^2.
    u0 : ndarray, shape (n_samples, n_times), or None
        Where to start; by default at the best constant.
    max_rounds : int
        Bound on the rounds of one problem.
    memory : int
        Bytes that the computation may take beyond its input and its output
        (n_samples * n_times numbers) and two matrices of the size of A. As
        for `unrolling.solve_lasso`, working sets are formed whatever the
        bound; so are, with a delta, the Gram matrices of n_dim + n_times
        atoms, one for all problems and one a thread.

    Returns
    -------
    TV(u, gap)
        u (n_samples, n_times) and the relative duality gap of each sample.
        Where A1 = 0, or as good as that (see `unrolling.tv.problem`), u is
        known up to a constant; the one with u_1 = 0 is returned. Warns where
        a gap is above tol, and says whether rounding or max_rounds limits it.

    Raises
    ------
    ValueError
        Shapes that do not match, NaN, no times, lmbd <= 0, delta <= 0, sparse
        arrays, a tol, max_rounds or memory that is not positive.
    """
    check_options(POSITIVE, tol=tol, memory=memory)
    check_options(COUNT, max_rounds=max_rounds)
    problem = as_problem(A, x, lmbd, delta)
    if u0 is not None:
        u0 = problem.to_units(as_signals("u0", u0, problem))
    u, gap = solve(problem, u0, tol, max_rounds, memory)
    return TV(u[0], gap[0])


def tv_path(A, x, regs, tol=1e-6, *, delta=None, max_rounds=10_000,
            memory=2**30):
    """Solve the batch for several lmbd, each from the solution before it.

    Parameters
    ----------
    A, x, tol, delta, max_rounds, memory
        As for `solve_tv`.
    regs : sequence of float in (0, 1], length n_regs, decreasing
        Penalties, as shares of each sample's own `unrolling.tv.tv_lmbd_max`,
        from which on its solution is a constant.

    Returns
    -------
    TVPath(lmbd, u, gap)
        lmbd and gap (n_regs, n_samples), u (n_regs, n_samples, n_times).

    Raises
    ------
    ValueError
        As `solve_tv`; no regs, or not decreasing ones in (0, 1].
    """
    check_options(POSITIVE, tol=tol, memory=memory)
    check_options(COUNT, max_rounds=max_rounds)
    problem = as_problem(A, x, 1.0, delta)
    regs = as_reals("regs", regs)
    check_regs(regs)
    lmbd_max = problem.lmbd_max()
    lmbd = np.where(lmbd_max > 0, lmbd_max, 1)[:, None] * regs
    problem = problem._replace(lmbd=lmbd)
    u, gap = solve(problem, None, tol, max_rounds, memory)
    return TVPath(problem.lmbd_from_units(lmbd).T, u, gap)


def solve(problem, u0, tol, max_rounds, memory):
    """Signals (n_regs, n_samples, n_times) and gaps (n_regs, n_samples) for
    each lmbd; warns, in the caller's caller, where a gap is above tol.

    Parameters
    ----------
    problem : unrolling.tv.batch.Problem
    u0 : ndarray, shape (n_samples, n_times), or None
        In the problem's units.
    """
    n_samples, n_regs = problem.lmbd.shape
    n_dim, n_times = problem.A.shape
    u = np.empty((n_regs, n_samples, n_times))
    gap, rounds = np.empty(u.shape[:2]), np.zeros(u.shape[:2], int)
    identity = problem.delta is None and is_identity(problem.A)
    per_sample = 8 * (6 * n_dim + (5 + n_regs) * n_times)
    with one_blas_thread:
        synthesis = None if identity else Synthesis(problem.A, problem.column)
        for rows in slices(n_samples, max(1, int(memory / (4 * per_sample)))):
            part = problem[rows]
            if identity:
                for r in range(n_regs):
                    u[r, rows] = taut_string(part.x, part.lmbd[:, r])
                    gap[r, rows] = part.gap(u[r, rows], r)
            else:
                start = None if u0 is None else synthesis.codes(u0[rows])
                gap[:, rows], rounds[:, rows] = solve_part(
                    part, synthesis, start, tol, max_rounds, memory / 2,
                    u[:, rows])
            for r in range(n_regs):
                part.give_back(u[r, rows], gap[r, rows], r)
    warn_of_gaps(tol, gap, rounds, max_rounds, CAUSE)
    return u, gap


def solve_part(part, synthesis, start, tol, max_rounds, memory, u):
    """`solve` for samples that fit in memory: their gaps and rounds.

    Where rounding may tell the gap of the signals from that of the Lasso, it
    is computed from the signals, and another solution tried if it is large.

    Parameters
    ----------
    u : ndarray, shape (n_regs, n_samples, n_times)
        Overwritten by the signals.
    """
    w, gap, rounds = synthesis.solve(part, start, tol, max_rounds, memory)
    constant = None if part.delta is not None else part.constant()
    for r in range(len(u)):
        synthesis.signals(w[:, r], u[r], constant)
        for attempt in range(ATTEMPTS):
            again = attempt == 0 or rounds[:, r] < max_rounds
            left = np.flatnonzero(~(gap[:, r] <= tol) & again)
            if not len(left):
                break
            some, signals = part[left], u[r, left]
            some = some._replace(lmbd=some.lmbd[:, r:r + 1])
            if attempt:
                new, _, more = synthesis.solve(
                    some, w[left, r], tol / 10**attempt, max_rounds, memory)
                w[left, r] = new[:, 0]
                rounds[left, r] += more[:, 0]
                synthesis.signals(new[:, 0], signals)
            new_gap = some.finish(
                signals, shift=attempt > 0 or constant is None)
            closer = ~(new_gap >= gap[left, r])  # than NaN, too
            u[r, left[closer]] = signals[closer]
            gap[left[closer], r] = new_gap[closer]
    return gap.T, rounds.T
