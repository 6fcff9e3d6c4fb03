"""A batch of TV problems in safe units, with its certificate.

See `unrolling.tv.problem` for the problem and its dual.
"""
from typing import NamedTuple

import numpy as np

from unrolling.checks import (
    as_reals,
    check_finite,
    check_lmbd,
    check_shapes,
)
from unrolling.lasso.units import (
    Units,
    are_ordinary,
    from_units,
    to_units,
    units,
)
from unrolling.linear import squared_norms
from unrolling.parallel import N_THREADS, one_blas_thread, share_out, slices
from unrolling.tv.constant import (
    constant_column,
    huber_constant,
    residual_of,
)

BLOCK = 128
"""Samples whose gap is computed at once: their arrays stay in a cache."""

FLOOR = np.finfo(float).eps
"""Gaps are relative to no less than this share of P(0)."""


class Problem(NamedTuple):
    """A batch of problems, in units where no square overflows."""

    A: np.ndarray
    """(n_dim, n_times)"""
    x: np.ndarray
    """(n_samples, n_dim)"""
    lmbd: np.ndarray
    """(n_samples, n_regs)"""
    delta: np.ndarray
    """(n_samples,), or None"""
    column: np.ndarray
    """(n_dim,), A1"""
    unit: Units

    def __getitem__(self, rows):
        """The problems of these samples."""
        return self._replace(
            x=self.x[rows], lmbd=self.lmbd[rows],
            delta=None if self.delta is None else self.delta[rows],
            unit=Units(self.unit.D, self.unit.x[rows]))

    def constant(self, x=None):
        """c* of each sample, or of other x (n_samples, n_dim) in place of
        it, (n_samples,)."""
        x = self.x if x is None else x
        if not self.column.any():
            return np.zeros(len(x))
        if self.delta is not None:
            return huber_constant(self.column, x, self.delta)
        return x @ self.column / (self.column @ self.column)

    def residual(self, u):
        """x - A u of each sample, (n_samples, n_dim)."""
        return residual_of(u, self.A, self.column, self.x)

    def lmbd_max(self):
        """max |cumsum(A'f'(x - c* A1))| of each sample, (n_samples,)."""
        residual = self.x - self.constant()[:, None] * self.column
        return largest_sum(score_of(residual, self.delta) @ self.A)

    def to_units(self, u):
        """Signals (n_samples, n_times) of the input in these units."""
        if self.unit.are_given:
            return u
        largest = np.finfo(float).max
        with np.errstate(over="ignore", under="ignore"):
            return np.ldexp(u, self.unit.x - self.unit.D).clip(
                -largest, largest)

    def from_units(self, u):
        """Signals (n_samples, n_times) of these units in those of the input;
        zero where float64 cannot express them."""
        if self.unit.are_given:
            return u
        u = from_units(self.unit, u[:, None])[:, 0]
        u[~np.isfinite(u).all(axis=1)] = 0
        return u

    def give_back(self, u, gap, r):
        """Signals to the units of the input, in place; so are the gaps of
        those that float64 cannot express there, or not with all digits."""
        if self.unit.are_given:
            return
        before = u.copy()
        u[:] = self.from_units(u)
        after = self.to_units(u)
        lost = np.flatnonzero((after != before).any(axis=1))
        gap[lost] = self[lost].gap(after[lost], r)

    def lmbd_from_units(self, lmbd):
        """Penalties (n_samples, n_regs) in the units of the input."""
        with np.errstate(over="ignore", under="ignore"):
            return np.ldexp(lmbd, -self.unit.D - self.unit.x)

    def finish(self, u, r=0, shift=True):
        """Add the best constant to each signal, in place, unless it has it
        already; its `gap`.

        A signal whose gap is above 1 becomes the best constant alone, whose
        gap is not.
        """
        gap = self.gap(u, r, shift)
        worse = np.flatnonzero(~(gap <= 1))
        if len(worse):
            part = self[worse]
            u[worse] = part.constant()[:, None]
            gap[worse] = part.gap(u[worse], r)
        return gap

    def gap(self, u, r=0, shift=False):
        """`tv_duality_gap` of signals in these units, for the r-th lmbd; with
        shift, after the best constants are added to u, in place.

        A gap below zero is made by rounding: its magnitude tells how much,
        so that is what counts.
        """
        gap = np.empty(len(u))

        def work(rows):
            part, v = self[rows], u[rows]
            with np.errstate(over="ignore", invalid="ignore"):
                if shift and self.column.any():
                    v += part.constant(part.residual(v))[:, None]
                residual = part.residual(v)  # of the sum as it is rounded
                # also what is orthogonal up to rounding: x may have a large
                # part along A1
                theta = project(score_of(residual, part.delta), self.column)
                cost = fit_of(residual, part.delta)
                cost += part.lmbd[:, r] * variation(v)
                bound = part.dual_value(theta, part.lmbd[:, r])
                gap[rows] = abs(cost - bound) / part.size()

        with one_blas_thread:
            share_out(work, slices(len(u), min(
                BLOCK, 1 + len(u) // (2 * N_THREADS))))
        return np.where(np.isnan(gap), np.inf, gap)  # of a u that overflows

    def dual_value(self, theta, lmbd):
        """The dual value of the best multiple of theta that is feasible, if
        theta is orthogonal to A1: at most theta itself, for what is left of it
        may be rounding errors."""
        ratio = np.minimum(
            1, lmbd / np.maximum(largest_sum(theta @ self.A), 1e-300))
        if self.delta is not None:
            peak = np.maximum(abs(theta).max(axis=1), 1e-300)
            ratio = np.minimum(ratio, self.delta / peak)
        product = np.einsum("ij,ij->i", theta, self.x)
        norm2 = squared_norms(theta)
        factor = np.clip(product / np.maximum(norm2, 1e-300), 0, ratio)
        return factor * product - 0.5 * factor**2 * norm2

    def size(self):
        """What gaps are relative to, (n_samples,): P(c*), or a bit of P(0)."""
        start = self.x - self.constant()[:, None] * self.column
        zero = fit_of(self.x, self.delta)
        size = np.maximum(fit_of(start, self.delta), FLOOR * zero)
        return np.where(zero > 0, size, 1)


def as_problem(A, x, lmbd, delta):
    """The `Problem` of the input, checked.

    Parameters
    ----------
    A, x, lmbd, delta : array-like, as for `unrolling.tv.solve_tv`
    """
    A, x = as_reals("A", A), as_reals("x", x)
    check_shapes("A", "time", A, x)
    ordinary = are_ordinary(A, x)
    if not ordinary:
        check_finite("A", A, x)
    lmbd = as_reals("lmbd", lmbd)
    check_lmbd(lmbd, len(x))
    if delta is not None:
        delta = as_reals("delta", delta)
        check_lmbd(delta, len(x), "delta")
        delta = np.full(len(x), delta)
    unit = Units(0, np.zeros((len(x), 1), int)) if ordinary else units(A, x)
    A, x, lmbd, _ = to_units(unit, A, x, np.full(len(x), lmbd)[:, None], None)
    if delta is not None:
        with np.errstate(over="ignore", under="ignore"):
            delta = np.ldexp(delta, unit.x[:, 0])
    return Problem(A, x, lmbd, delta, constant_column(A), unit)


def project(rows, direction):
    """Rows without their part along a direction, which may be zero."""
    norm2 = direction @ direction
    if norm2 == 0:
        return rows
    return rows - (rows @ direction / norm2)[:, None] * direction


def fit_of(residual, delta):
    """f of each row of a residual, (n_samples,)."""
    if delta is None:
        return 0.5 * squared_norms(residual)
    score = score_of(residual, delta)  # h(r) = s (r - s/2) with s = h'(r)
    return ((residual - 0.5 * score) * score).sum(axis=1)


def score_of(residual, delta):
    """f', entry by entry: the residual, clipped to [-delta, delta]."""
    if delta is None:
        return residual
    return residual.clip(-delta[:, None], delta[:, None])


def variation(u):
    """||nabla u||_1 of each row, (n_samples,)."""
    return abs(np.diff(u)).sum(axis=1)


def largest_sum(gradient):
    """max |cumsum|, the last sum aside, of each row of A'theta."""
    sums = gradient.cumsum(axis=1)[:, :-1]
    return np.maximum(sums.max(axis=1, initial=0),
                      -sums.min(axis=1, initial=0))


def as_signals(name, u, problem):
    """u in float64; ValueError unless it is finite and of the right shape."""
    u = as_reals(name, u)
    shape = len(problem.x), problem.A.shape[1]
    if u.shape != shape or not np.isfinite(u).all():
        raise ValueError(
            f"{name} must be finite and of shape (n_samples, n_times) = "
            f"{shape}, got shape {u.shape} with {np.sum(~np.isfinite(u))} NaN "
            "or infinite entries")
    return u
