from benchmark_utils.tv import CertifiedSolver

from unrolling.tv import solve_tv


class Solver(CertifiedSolver):
    """Exact steps on active sets of jumps, for a batch.

    The suite's own `unrolling.tv.solve_tv`, parallel over the samples: the
    constant is projected out, and the jumps are a Lasso. H. Lee, A. Battle,
    R. Raina and A. Ng, Efficient sparse coding algorithms, NIPS 2006.
    """

    name = "Active-set"

    def warm_up(self):
        self.run_once(1e-2)

    def solve(self, tol):
        return solve_tv(self.A, self.x, self.lmbd, tol, delta=self.delta).u
