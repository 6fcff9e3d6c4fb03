import numpy as np
from benchmark_utils.synthesis import SynthesisSolver

from unrolling.lasso.coordinate_descent import sweep


class Solver(SynthesisSolver):
    """Cyclic coordinate descent on the jumps, the constant projected out.

    With covariance (Gram) updates, parallel over the samples; an iteration is
    one cycle over the jumps. J. Friedman, T. Hastie and R. Tibshirani,
    Regularization paths for generalized linear models via coordinate descent,
    J. Stat. Softw. 33(1), 2010, doi:10.18637/jss.v033.i01.
    """

    name = "Synthesis-CD"
    requirements = ["numba"]

    def codes(self, D, y, z, lmbd):
        gram = np.ascontiguousarray(D.T @ D)
        z[:, gram.diagonal() == 0] = 0  # jumps that A does not see only cost
        corr = (y - z @ D.T) @ D
        while True:
            yield z
            sweep(gram, lmbd, z, corr)
