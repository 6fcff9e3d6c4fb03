from benchmark_utils.synthesis import SynthesisPeer
from skglm import Lasso


class Solver(SynthesisPeer):
    """skglm on the jumps, sample by sample.

    Q. Bertrand et al., Beyond L1: faster and better sparse models with skglm,
    NeurIPS 2022, arXiv:2204.07826.
    """

    name = "skglm"
    requirements = ["pip::skglm"]

    def warm_up(self):
        self.run_once(1e-10)  # compiles every branch, whatever reg is

    def fit(self, D, y, tol):
        # skglm minimises the cost / n_dim
        lasso = Lasso(self.lmbd / len(D), fit_intercept=False, tol=tol)
        return lasso.fit(D, y).coef_
