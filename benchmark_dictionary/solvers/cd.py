from benchmark_utils.alternation import AlternatingSolver

from unrolling.lasso.coordinate_descent import sweep
from unrolling.options import COUNT


class Solver(AlternatingSolver):
    """Z-step: cycles of coordinate descent, from the last codes.

    J. Friedman, T. Hastie and R. Tibshirani, Regularization paths for
    generalized linear models via coordinate descent, J. Stat. Softw. 33(1),
    2010, doi:10.18637/jss.v033.i01.
    """

    name = "CD"
    requirements = ["numba"]
    parameters = {"n_cycles": [1, 5]}
    ranges = {"n_cycles": COUNT}

    def codes(self, D, z):
        gram, z, corr = D.T @ D, z.copy(), (self.x - z @ D.T) @ D
        for _ in range(self.n_cycles):
            sweep(gram, self.lmbd, z, corr)
        return z
