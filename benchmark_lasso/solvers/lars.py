import numpy as np
from benchmark_utils.classical import LassoSolver
from benchopt.stopping_criterion import SingleRunCriterion
from sklearn.linear_model import lars_path_gram


class Solver(LassoSolver):
    """Least angle regression: the exact homotopy path down to lmbd.

    scikit-learn's, sample by sample with a shared Gram matrix; one point. B.
    Efron, T. Hastie, I. Johnstone and R. Tibshirani, Least angle regression,
    Ann. Statist. 32(2), 2004, doi:10.1214/009053604000000067.
    """

    name = "LARS"
    requirements = ["scikit-learn"]
    sampling_strategy = "run_once"
    stopping_criterion = SingleRunCriterion(strategy="run_once")

    def run(self, _):
        gram = self.D.T @ self.D
        # with n_samples=1, scikit-learn's alpha is ||D'(x - Dz)||_inf = lmbd
        self.result = np.array([
            lars_path_gram(
                c, gram, n_samples=1, alpha_min=self.lmbd, method="lasso",
                max_iter=8 * len(gram), return_path=False,
            )[2]
            for c in self.x @ self.D
        ])
