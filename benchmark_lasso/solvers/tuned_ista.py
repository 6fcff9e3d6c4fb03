from benchmark_utils.tuned import TunedISTA

from unrolling.bench.solver import UnrolledSolver


class ConstantStep(TunedISTA):
    """z <- ST(z - a D'(Dz - x), a lmbd), with one step a for all layers."""

    def init_shared(self):
        return {"step": 1 / self.L}

    def step_of(self, t, step):
        return step


class Solver(UnrolledSolver):
    """ISTA with one step for all iterations, tuned on the training problems.

    One number where a network of as many layers has one or more for each: the
    least that a learned method has to beat.
    """

    name = "Tuned-ISTA"
    network = ConstantStep
