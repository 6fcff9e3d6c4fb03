import math

from benchmark_utils.step_rules import TunedISTA

from unrolling.bench.solver import UnrolledSolver
from unrolling.transforms import POSITIVE


class ChebyshevSteps(TunedISTA):
    """z <- ST(z - a_t D'(Dz - x), a_t lmbd), 1/a_t roots of a polynomial.

    The roots of the Chebyshev polynomial of the network's depth on an interval
    [low, low + width], in the order of bits reversed, such that neighbours in
    that order are far apart: long steps alternate with short ones.
    """

    unrolls = None
    transforms = TunedISTA.transforms | {"low": POSITIVE, "width": POSITIVE}

    def init_shared(self):
        return {"low": 0.3 * self.L, "width": 0.7 * self.L}

    def step_of(self, t, low, width):
        depth = len(self.layers)
        root = math.cos(math.pi * (order(depth)[t] + 0.5) / depth)
        return 1 / (low + width * (1 + root) / 2)


def order(n):
    """0, ..., n - 1 in the order of their reversed bits, a list."""
    bits = max(1, (n - 1).bit_length())
    return sorted(range(n), key=lambda t: f"{t:0{bits}b}"[::-1])


class Solver(UnrolledSolver):
    """ISTA with Chebyshev steps of an interval that is tuned: two numbers.

    S. Takabe and T. Wadayama, Convergence acceleration via Chebyshev step:
    plausible interpretation of deep-unfolded gradient descent, 2020,
    arXiv:2010.13335, explain learned steps so.
    """

    name = "Chebyshev-ISTA"
    network = ChebyshevSteps
