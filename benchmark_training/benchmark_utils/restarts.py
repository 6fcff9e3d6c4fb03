"""The reference value of a fit: the best local minimum of several restarts.
"""
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from benchmark_utils.fits import Fit
from unrolling.bench.objective import computed_once

OPTIONS = {"maxiter": 10_000, "maxfun": 20_000, "ftol": 1e-9, "gtol": 0,
           "maxcor": 20}
"""L-BFGS stops far below the differences between local minima."""


class Reference(NamedTuple):
    """The best of several local minima."""

    value: float
    """F at the best one."""
    gradient: float
    """Norm of the gradient there, relative to that at the start."""
    spread: float
    """How far the median of the local minima is above it, relative to it."""


@computed_once
def best_of_restarts(kind, X, y, n_hidden, decay, seed, n_restarts):
    """Minimise F by L-BFGS from several starts, the first that of the task.

    F is not convex: nothing proves that the best local minimum is the global
    one, and each restart finds another. Values closer to the best one than
    their spread belong to minima that are as good.

    Parameters
    ----------
    kind, X, y, n_hidden, decay, seed : see `benchmark_utils.fits.Fit`
    n_restarts : int

    Returns
    -------
    Reference
    """
    fit = Fit(kind, X, y, X, y, n_hidden, len(X), decay, seed)
    ends = [minimize(fit.value_and_gradient, fit.drawn_start(n), jac=True,
                     method="L-BFGS-B", options=OPTIONS)
            for n in range(n_restarts)]
    best = min(ends, key=lambda end: end.fun)
    _, first = fit.value_and_gradient(fit.start)
    return Reference(
        float(best.fun),
        float(np.linalg.norm(best.jac) / np.linalg.norm(first)),
        float(np.median([end.fun for end in ends]) / best.fun - 1))
