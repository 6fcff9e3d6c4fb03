from benchmark_utils.step_rules import TunedISTA

from unrolling.bench.solver import UnrolledSolver
from unrolling.silver import silver_step


class SilverSteps(TunedISTA):
    """z <- ST(z - a_t D'(Dz - x), a_t lmbd), a_t silver steps times a."""

    unrolls = None

    def init_shared(self):
        return {"step": 1 / self.L}

    def step_of(self, t, step):
        return step * silver_step(t + 1)


class Solver(UnrolledSolver):
    """ISTA with the silver steps, times one number that is tuned.

    With loss=none nothing is tuned, and the number is the 1/L of the theory:
    J. Bok and J. M. Altschuler, Accelerating proximal gradient descent via
    silver stepsizes, 2024, arXiv:2412.05497. It is not safeguarded then, and
    the iterate that follows a long step, the 16th, 32nd or 64th, can be
    several times worse than the one before, where the gap is small: the rate
    is that of the iterations 2^k - 1.
    """

    name = "Silver-ISTA"
    network = SilverSteps
