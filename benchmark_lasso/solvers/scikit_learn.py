import warnings

from benchopt import BaseSolver
from sklearn.linear_model import Lasso

from unrolling.bench.criteria import GapCriterion


class Solver(BaseSolver):
    """scikit-learn's coordinate descent, all samples as targets of one call.

    With the Gram matrix: of scikit-learn's ways to solve the batch, the
    fastest. F. Pedregosa et al., Scikit-learn: machine learning in Python, J.
    Mach. Learn. Res. 12, 2011.
    """

    name = "scikit-learn"
    requirements = ["scikit-learn"]
    sampling_strategy = "tolerance"
    stopping_criterion = GapCriterion(strategy="tolerance")

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x = D, x
        # scikit-learn minimises F / n_dim
        self.lasso = Lasso(alpha=lmbd / len(D), fit_intercept=False,
                           precompute=True, max_iter=100_000)

    def run(self, tol):
        self.lasso.set_params(tol=min(tol, 1.0))
        with warnings.catch_warnings(action="ignore"):
            self.z = self.lasso.fit(self.D, self.x.T).coef_

    def get_result(self):
        return {"z": self.z}
