import warnings

import numpy as np
from benchopt import BaseSolver
from skglm import Lasso

from unrolling.bench.criteria import GapCriterion


class Solver(BaseSolver):
    """skglm, sample by sample.

    Q. Bertrand et al., Beyond L1: faster and better sparse models with skglm,
    NeurIPS 2022, arXiv:2204.07826.
    """

    name = "skglm"
    requirements = ["pip::skglm"]
    sampling_strategy = "tolerance"
    stopping_criterion = GapCriterion(strategy="tolerance")

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x = D, x
        # skglm minimises F / n_dim
        self.lasso = Lasso(alpha=lmbd / len(D), fit_intercept=False)

    def warm_up(self):
        self.run(1e-10)  # compiles every branch, whatever reg is

    def run(self, tol):
        self.lasso.set_params(tol=min(tol, 1.0))
        D = np.asfortranarray(self.D)
        with warnings.catch_warnings(action="ignore"):
            self.z = np.array([self.lasso.fit(D, x).coef_ for x in self.x])

    def get_result(self):
        return {"z": self.z}
