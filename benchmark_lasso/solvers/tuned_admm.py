from benchmark_utils.unrolled_admm import UnrolledADMM

from unrolling.bench.solver import UnrolledSolver


class TunedADMM(UnrolledADMM):
    """ADMM with one penalty and one relaxation for all layers."""

    def init_layer(self, t):
        return {}

    def init_shared(self):
        return self.numbers()


class Solver(UnrolledSolver):
    """ADMM with its penalty and relaxation tuned on the training problems.

    Two numbers, as Chebyshev-ISTA has: what learned penalties have to beat.
    S. Boyd et al., Found. Trends Mach. Learn. 3(1), 2011,
    doi:10.1561/2200000016, section 3.4, choose them otherwise.
    """

    name = "Tuned-ADMM"
    network = TunedADMM
