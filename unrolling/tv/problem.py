"""TV-regularised regression, P_x(u) = f(x - A u) + lmbd ||nabla u||_1.

For many x: samples are rows, A (n_dim, n_times), x (n_samples, n_dim), u
(n_samples, n_times), and nabla u are the differences np.diff(u). The data fit
f(r) is 1/2 ||r||^2, or, with a delta, sum_i h(r_i) with Huber's h(r) = r^2 / 2
where |r| <= delta and delta |r| - delta^2 / 2 elsewhere. All is in float64.

The dual problem: maximise theta'x - 1/2 ||theta||^2 over all theta with

- |cumsum(A'theta)| <= lmbd, and sum(A'theta) = theta'A1 = 0;
- |theta_i| <= delta, with Huber's fit.

A constant costs no penalty. So the best one, c*1, is the solution from
lmbd_max = ||cumsum(A'f'(x - c* A1))||_inf on, and what solvers start from.

An A1 of 1.5e-14 times the largest sum_j |a_ij| or less counts as zero, in all
that is computed here: then a constant that is added to u changes nothing. A
larger A1 is taken as it is, and c* may be as large as ||x|| / ||A1||: next to
it, float64 keeps few digits of a signal's shape, which its cost and its gap
show.
"""
import numpy as np

from unrolling.checks import as_reals
from unrolling.tv.batch import as_problem, as_signals, fit_of, variation
from unrolling.tv.constant import constant_column, residual_of


def tv_cost(u, A, x, lmbd, delta=None):
    """P_x(u) of each sample.

    Parameters
    ----------
    u : array-like, shape (n_samples, n_times)
    A, x : array-like, shapes (n_dim, n_times), (n_samples, n_dim)
    lmbd : float or array-like, shape (n_samples,)
        In the unit of A'x.
    delta : float or array-like, shape (n_samples,), or None
        Where Huber's fit becomes linear, in the unit of x; None is the
        quadratic fit.

    Returns
    -------
    ndarray, shape (n_samples,), in the unit of x^2

    Raises
    ------
    ValueError
        Shapes that do not match, NaN, lmbd <= 0, delta <= 0.
    """
    u = as_signals("u", u, as_problem(A, x, lmbd, delta))
    A, x, lmbd = as_reals("A", A), as_reals("x", x), as_reals("lmbd", lmbd)
    delta = None if delta is None else np.full(len(x), delta, dtype=float)
    residual = residual_of(u, A, constant_column(A), x)
    return fit_of(residual, delta) + lmbd * variation(u)


def best_constant(A, x, delta=None):
    """c*, the constant with the best fit f(x - c A1) of each sample.

    With Huber's fit, the derivative in c is piecewise linear and increasing:
    its zero is found among the sorted points where a residual passes +-delta.

    Parameters
    ----------
    A, x : array-like, shapes (n_dim, n_times), (n_samples, n_dim)
    delta : float or array-like, shape (n_samples,), or None
        As for `tv_cost`.

    Returns
    -------
    ndarray, shape (n_samples,); zero where A1 = 0. The solution is then
    np.full(n_times, c*) from lmbd = lmbd_max on.

    Raises
    ------
    ValueError
        Shapes that do not match, NaN, delta <= 0.
    """
    problem = as_problem(A, x, 1.0, delta)
    return problem.from_units(problem.constant()[:, None])[:, 0]


def tv_lmbd_max(A, x, delta=None):
    """The least lmbd for which a constant is a solution, of each sample.

    With c* = `best_constant`, it is max |cumsum(A'f'(x - c* A1))|; zero for
    an x that A times a constant fits.

    Parameters
    ----------
    A, x, delta
        As for `best_constant`.

    Returns
    -------
    ndarray, shape (n_samples,), in the unit of A'x
    """
    problem = as_problem(A, x, 1.0, delta)
    return problem.lmbd_from_units(problem.lmbd_max()[:, None])[:, 0]


def tv_duality_gap(u, A, x, lmbd, delta=None):
    """Duality gap of each sample over its P(c*), c* the best constant.

    The dual point is theta = f'(x - Au), projected orthogonally to A1, since
    sum(A'theta) must be zero, and then scaled into the other bounds by the
    best factor. At a solution theta is feasible as it is, so the gap goes to
    zero, and it bounds P(u) - P* from above. Where rounding makes it negative,
    its magnitude is returned.

    P(c*) is the cost of the start that certifies itself for lmbd >= lmbd_max,
    as F(0) is for the Lasso; unlike P(0), it does not grow with a constant
    that is added to the signal, which would hide errors of its shape. Where
    it is below 2e-16 P(0), A times a constant fits x up to rounding, and gaps
    are relative to 2e-16 P(0); where x = 0, they are absolute.

    Parameters
    ----------
    u : array-like, shape (n_samples, n_times)
    A, x : array-like, shapes (n_dim, n_times), (n_samples, n_dim)
    lmbd : float or array-like, shape (n_samples,)
        In the unit of A'x.
    delta : float or array-like, shape (n_samples,), or None
        As for `tv_cost`.

    Returns
    -------
    ndarray, shape (n_samples,), without unit

    Raises
    ------
    ValueError
        Shapes that do not match, NaN, lmbd <= 0, delta <= 0.
    """
    problem = as_problem(A, x, lmbd, delta)
    u = as_signals("u", u, problem)
    return problem.gap(problem.to_units(u))
