from benchmark_utils.step_rules import TunedISTA

from unrolling.bench.solver import UnrolledSolver


class ConstantStep(TunedISTA):
    """z <- ST(z - a D'(Dz - x), a lmbd), with one step a for all layers."""

    def init_shared(self):
        return {"step": 1 / self.L}

    def step_of(self, t, step):
        return step


class Solver(UnrolledSolver):
    """ISTA with one step for all iterations, tuned on the training problems.

    One number where a network has one or more for each layer: the least that
    a learned method has to beat. I. Daubechies, M. Defrise and C. De Mol,
    Comm. Pure Appl. Math. 57(11), 2004, doi:10.1002/cpa.20042, use the step
    1/L.
    """

    name = "Tuned-ISTA"
    network = ConstantStep
