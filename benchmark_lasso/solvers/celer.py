import numpy as np
from benchmark_utils.classical import CertifiedSolver
from celer import Lasso


class Solver(CertifiedSolver):
    """celer, sample by sample.

    M. Massias, A. Gramfort and J. Salmon, Celer: a fast solver for the Lasso
    with dual extrapolation, ICML 2018, arXiv:1802.07481.
    """

    name = "celer"
    requirements = ["pip::celer"]

    def solve(self, tol):
        # celer minimises F / n_dim
        lasso = Lasso(self.lmbd / len(self.D), fit_intercept=False, tol=tol)
        D = np.asfortranarray(self.D)
        return np.array([lasso.fit(D, x).coef_ for x in self.x])
