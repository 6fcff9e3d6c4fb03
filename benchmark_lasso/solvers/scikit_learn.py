from benchmark_utils.classical import CertifiedSolver
from sklearn.linear_model import Lasso


class Solver(CertifiedSolver):
    """scikit-learn's coordinate descent, all samples as targets of one call.

    With the Gram matrix: of scikit-learn's ways to solve the batch, the
    fastest. F. Pedregosa et al., Scikit-learn: machine learning in Python, J.
    Mach. Learn. Res. 12, 2011.
    """

    name = "scikit-learn"
    requirements = ["scikit-learn"]

    def solve(self, tol):
        # scikit-learn minimises F / n_dim
        lasso = Lasso(self.lmbd / len(self.D), fit_intercept=False, tol=tol,
                      precompute=True, max_iter=100_000)
        return lasso.fit(self.D, self.x.T).coef_
