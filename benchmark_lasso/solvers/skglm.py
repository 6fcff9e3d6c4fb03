import numpy as np
from benchmark_utils.classical import CertifiedSolver
from skglm import Lasso


class Solver(CertifiedSolver):
    """skglm, sample by sample.

    Q. Bertrand et al., Beyond L1: faster and better sparse models with skglm,
    NeurIPS 2022, arXiv:2204.07826.
    """

    name = "skglm"
    requirements = ["pip::skglm"]

    def warm_up(self):
        self.run_once(1e-10)  # compiles every branch, whatever reg is

    def solve(self, tol):
        # skglm minimises F / n_dim
        lasso = Lasso(self.lmbd / len(self.D), fit_intercept=False, tol=tol)
        D = np.asfortranarray(self.D)
        return np.array([lasso.fit(D, x).coef_ for x in self.x])
