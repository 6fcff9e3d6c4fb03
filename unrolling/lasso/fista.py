"""FISTA for a batch of Lasso problems, on CPU or GPU, to a certificate."""
import numpy as np
import torch
from scipy.sparse import issparse

from unrolling.checks import warn_above
from unrolling.device import place, to_numpy, unavailable
from unrolling.lasso.problem import as_problem, certify
from unrolling.lasso.solve import Lasso
from unrolling.lasso.steps import proximal_step
from unrolling.lasso.units import WIDTH, from_units, to_units, units
from unrolling.linear import LeastSquares, lipschitz
from unrolling.momentum import Momentum
from unrolling.options import COUNT, POSITIVE, check_options

CHECK = 10
"""Iterations between two looks at the gaps; a look costs about one."""

ROUNDING = {"float64": 0.0, "float32": 2e-6}
"""Error of a relative gap that is computed in a type: iterations go on until
their own gap is that far below tol, so that the one in float64 is, too."""

WIDTHS = {"float64": WIDTH, "float32": 2.0**12}
"""The products of four sizes below it are far from the limits of a type."""


def fista(D, x, lmbd, tol=1e-6, *, max_iter=20_000, backend="numpy",
          device="cpu", dtype="float64"):
    """Solve many Lasso problems that share one dictionary by FISTA.

    The momentum of each sample is restarted by itself (B. O'Donoghue and E.
    Candes, Adaptive restart for accelerated gradient schemes, Found. Comput.
    Math. 15, 2015, arXiv:1204.3982), and a sample leaves the batch once its
    duality gap is small enough.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms)
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float or ndarray, shape (n_samples,)
    tol : float
        Relative duality gap, gap / F(0), to reach for every problem. In
        float32 a gap is known to about 1e-6: ask for 4e-6 at least.
    max_iter : int
        Bound on the iterations.
    backend : {"numpy", "torch"}
    device : {"cpu", "cuda"}
        Where torch computes.
    dtype : {"float64", "float32"}
        What the iterations are computed in.

    Returns
    -------
    Lasso(z, gap)
        z (n_samples, n_atoms) and the relative duality gap of each sample,
        computed in float64. Warns where a gap is above tol.

    Raises
    ------
    ValueError
        As `unrolling.lasso.solve_lasso`; a backend that cannot run there.
    """
    check_options(POSITIVE, tol=tol)
    check_options(COUNT, max_iter=max_iter)
    reason = unavailable(device, backend)
    if reason:
        raise ValueError(reason)
    if dtype not in WIDTHS:
        raise ValueError(f"dtype must be float64 or float32, got {dtype!r}")
    if issparse(D):
        raise ValueError(
            f"D must be dense for FISTA, got a {type(D).__name__}: pass "
            "D.toarray(), or use solve_lasso")
    D_in, x_in, lmbd_in, _ = as_problem(D, x, lmbd)
    unit = units(D_in, x_in, WIDTHS[dtype])
    D64, x64, lmbd = to_units(unit, D_in, x_in, lmbd_in[:, None], None)[:3]
    # the problem with x / lmbd and a penalty of 1 has the solution z / lmbd
    D, x = place(backend, device, D64.astype(dtype),
                 (x64 / lmbd).astype(dtype))
    with np.errstate(over="ignore", invalid="ignore"):  # of a tiny lmbd
        result = lmbd * descend(D, x, tol - min(tol / 2, ROUNDING[dtype]),
                                max_iter, backend, device)
    result = from_units(unit, result[:, None])[:, 0]
    gap = certify(result, D_in, x_in, lmbd_in, unit)
    warn_above(tol, gap, f"raise max_iter (now {max_iter}) or tol")
    return Lasso(result, gap)


def descend(D, x, tol, max_iter, backend, device):
    """z of the problems with lmbd = 1 as a float64 array, (n_samples,
    n_atoms), each once its gap is at most tol, or at max_iter."""
    step = 1 / lipschitz(D)
    result = np.zeros((len(x), D.shape[1]))
    left = np.arange(len(x))
    fit = LeastSquares(D, x)
    y = fit.zeros()
    momentum = Momentum(y)
    for iteration in range(1, max_iter + 1):
        z = proximal_step(y, fit.grad(y), step, step)
        y = momentum(y, z)
        if iteration % CHECK and iteration < max_iter:
            continue
        result[left] = to_numpy(z)
        above = np.flatnonzero(~(to_numpy(gaps(z, D, x)) <= tol))
        if not len(above):
            break
        if len(above) < len(left):
            left = left[above]
            [above] = place(backend, device, above)
            x, y, momentum = x[above], y[above], momentum[above]
            fit = LeastSquares(D, x)
    return result


def gaps(z, D, x):
    """`unrolling.lasso.duality_gap` for lmbd = 1, in any array library."""
    xp = np if isinstance(x, np.ndarray) else torch
    residual = x - z @ D.T
    residual2 = (residual**2).sum(1)
    bound = xp.amax(abs(residual @ D), 1)
    scale = 1 / xp.clip(bound, 1, None)
    dual = scale * (residual * x).sum(1) - 0.5 * scale**2 * residual2
    primal = 0.5 * residual2 + abs(z).sum(1)
    start = 0.5 * (x**2).sum(1)
    return (primal - dual) / xp.clip(start, 1e-30, None)
