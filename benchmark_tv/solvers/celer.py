from benchmark_utils.synthesis import SynthesisPeer
from celer import Lasso


class Solver(SynthesisPeer):
    """celer on the jumps, sample by sample.

    M. Massias, A. Gramfort and J. Salmon, Celer: a fast solver for the Lasso
    with dual extrapolation, ICML 2018, arXiv:1802.07481.
    """

    name = "celer"
    requirements = ["pip::celer"]

    def fit(self, D, y, tol):
        # celer minimises the cost / n_dim
        lasso = Lasso(self.lmbd / len(D), fit_intercept=False, tol=tol)
        return lasso.fit(D, y).coef_
