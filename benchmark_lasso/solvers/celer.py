import warnings

import numpy as np
from benchopt import BaseSolver
from celer import Lasso

from unrolling.bench.criteria import GapCriterion


class Solver(BaseSolver):
    """celer, sample by sample.

    M. Massias, A. Gramfort and J. Salmon, Celer: a fast solver for the Lasso
    with dual extrapolation, ICML 2018, arXiv:1802.07481.
    """

    name = "celer"
    requirements = ["pip::celer"]
    sampling_strategy = "tolerance"
    stopping_criterion = GapCriterion(strategy="tolerance")

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x = D, x
        # celer minimises F / n_dim
        self.lasso = Lasso(alpha=lmbd / len(D), fit_intercept=False)

    def run(self, tol):
        self.lasso.set_params(tol=min(tol, 1.0))
        D = np.asfortranarray(self.D)
        with warnings.catch_warnings(action="ignore"):
            self.z = np.array([self.lasso.fit(D, x).coef_ for x in self.x])

    def get_result(self):
        return {"z": self.z}
