import warnings

from benchmark_utils.alternation import AlternatingSolver

from unrolling.lasso import solve_lasso
from unrolling.options import POSITIVE


class Solver(AlternatingSolver):
    """Z-step: exact, from the faces that the last codes lie on.

    The suite's `unrolling.lasso.solve_lasso`, after the feature-sign search
    of H. Lee, A. Battle, R. Raina and A. Ng, Efficient sparse coding
    algorithms, NIPS 2006.
    """

    name = "Active-set"
    parameters = {"tol": [1e-6]}
    ranges = {"tol": POSITIVE}

    def codes(self, D, z):
        with warnings.catch_warnings(action="ignore"):
            return solve_lasso(D, self.x, self.lmbd, self.tol, z0=z).z
