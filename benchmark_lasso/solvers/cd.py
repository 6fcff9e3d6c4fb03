import numpy as np
from benchopt import BaseSolver

from unrolling.lasso.coordinate_descent import sweep


class Solver(BaseSolver):
    """Cyclic coordinate descent with covariance (Gram) updates.

    Parallel over the samples, which share G = D'D; an iteration is one cycle
    over the atoms, in which one that stays at zero costs a comparison. J.
    Friedman, T. Hastie and R. Tibshirani, Regularization paths for
    generalized linear models via coordinate descent, J. Stat. Softw. 33(1),
    2010, doi:10.18637/jss.v033.i01.
    """

    name = "CD"
    requirements = ["numba"]

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x, self.lmbd = D, x, lmbd

    def warm_up(self):
        self.run_once()

    def run(self, cb):
        gram = self.D.T @ self.D
        corr = self.x @ self.D
        self.z = np.zeros_like(corr)
        while cb():
            sweep(gram, self.lmbd, self.z, corr)

    def get_result(self):
        return {"z": self.z}
