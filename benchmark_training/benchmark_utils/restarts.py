"""The reference optimum of a fit, certified by restarts."""
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from benchmark_utils.fits import Fit
from unrolling.bench.objective import computed_once

SAME = 1e-6
"""Optima whose relative difference is less than this are the same."""
OPTIONS = {"maxiter": 10_000, "maxfun": 20_000, "ftol": 1e-14,
           "gtol": 1e-6, "maxcor": 20}
"""Of L-BFGS: it stops where rounding does, far below SAME."""


class Reference(NamedTuple):
    """The best of several local minima."""

    value: float
    """F at the best one."""
    gradient: float
    """Norm of the gradient there, relative to that at the start."""
    agreement: float
    """Share of the restarts that end at this value, up to SAME."""


@computed_once
def best_of_restarts(kind, X, y, n_hidden, decay, seed, n_restarts):
    """Minimise F by L-BFGS from several starts, the first that of the task.

    F is not convex: nothing proves that the best local minimum is the global
    one. The evidence is the share of the restarts that find the same value.

    Parameters
    ----------
    kind, X, y, n_hidden, decay, seed : see `benchmark_utils.fits.Fit`
    n_restarts : int

    Returns
    -------
    Reference
    """
    fit = Fit(kind, X, y, X, y, n_hidden, len(X), decay, seed)
    starts = [fit.start] + [
        fit.network.start(np.random.default_rng([seed, n]))
        for n in range(1, n_restarts)]
    ends = [minimize(fit.value_and_gradient, start, jac=True,
                     method="L-BFGS-B", options=OPTIONS) for start in starts]
    best = min(ends, key=lambda end: end.fun)
    _, first = fit.value_and_gradient(fit.start)
    return Reference(
        float(best.fun),
        float(np.linalg.norm(best.jac) / np.linalg.norm(first)),
        float(np.mean([end.fun <= best.fun * (1 + SAME) for end in ends])))
