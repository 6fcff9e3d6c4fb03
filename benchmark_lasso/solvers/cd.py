import numpy as np
from benchmark_utils.classical import IterativeSolver

from unrolling.lasso.coordinate_descent import sweep


class Solver(IterativeSolver):
    """Cyclic coordinate descent with covariance (Gram) updates.

    Parallel over the samples, which share G = D'D; an iteration is one cycle
    over the atoms, in which one that stays at zero costs a comparison. The
    multiplications are counted: a sample's share of D'D, D'x, and a row of
    D'D for each atom that changes. J. Friedman, T. Hastie and R. Tibshirani,
    Regularization paths for generalized linear models via coordinate descent,
    J. Stat. Softw. 33(1), 2010, doi:10.18637/jss.v033.i01.
    """

    name = "CD"
    requirements = ["numba"]

    def iterates(self, D, x, lmbd):
        gram, corr = D.T @ D, x @ D
        z = np.zeros_like(corr)
        self.products = 1 + D.shape[1] / len(x)
        while True:
            yield z
            self.products += sweep(gram, lmbd, z, corr) / x.size

    def get_result(self):
        return super().get_result() | {"products": self.products}
