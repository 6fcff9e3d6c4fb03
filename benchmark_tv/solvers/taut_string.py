from benchmark_utils.tv import TVSolver, is_identity
from benchopt.stopping_criterion import SingleRunCriterion

from unrolling.prox import prox_tv


class Solver(TVSolver):
    """The taut string, exact where A = I: one pass over each sample.

    The suite's own `unrolling.prox.prox_tv`; one point. P. L. Davies and A.
    Kovac, Local extremes, runs, strings and multiresolution, Ann. Statist.
    29(1), 2001, doi:10.1214/aos/996986501.
    """

    name = "Taut-string"
    sampling_strategy = "run_once"
    stopping_criterion = SingleRunCriterion(strategy="run_once")
    quadratic_only = True

    def skip(self, A, **problem):
        if not is_identity(A):
            return True, f"{self.name} needs A = I: it is the prox alone"
        return super().skip(**problem)

    def run(self, _):
        self.result = prox_tv(self.x, self.lmbd)
