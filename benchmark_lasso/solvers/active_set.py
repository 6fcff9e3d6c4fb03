import warnings

import numpy as np
from benchopt import BaseSolver

from unrolling.bench.criteria import GapCriterion
from unrolling.lasso import solve_lasso


class Solver(BaseSolver):
    """Exact steps on active sets whose factor is updated, for a batch.

    The suite's own `unrolling.lasso.solve_lasso`, parallel over the samples:
    the feature-sign search of H. Lee, A. Battle, R. Raina and A. Ng,
    Efficient sparse coding algorithms, NIPS 2006, with several atoms entering
    together and a Cholesky factor that is not computed anew.
    """

    name = "Active-set"
    sampling_strategy = "tolerance"
    stopping_criterion = GapCriterion(strategy="tolerance")

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x, self.lmbd = D, x, lmbd

    def warm_up(self):
        self.run_once(1e-2)

    def run(self, tol):
        if tol >= 1:  # F(0) certifies itself
            self.z = np.zeros((len(self.x), self.D.shape[1]))
            return
        with warnings.catch_warnings(action="ignore"):
            self.z = solve_lasso(self.D, self.x, self.lmbd, tol).z

    def get_result(self):
        return {"z": self.z}
