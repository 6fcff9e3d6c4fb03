from benchmark_utils.classical import CertifiedSolver

from unrolling.lasso import solve_lasso


class Solver(CertifiedSolver):
    """Exact steps on active sets whose factor is updated, for a batch.

    The suite's own `unrolling.lasso.solve_lasso`, parallel over the samples:
    the feature-sign search of H. Lee, A. Battle, R. Raina and A. Ng,
    Efficient sparse coding algorithms, NIPS 2006, with several atoms entering
    together and a Cholesky factor that is not computed anew.
    """

    name = "Active-set"

    def warm_up(self):
        self.run_once(1e-2)

    def solve(self, tol):
        return solve_lasso(self.D, self.x, self.lmbd, tol).z
