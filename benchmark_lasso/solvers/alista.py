from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.networks import ALISTA


class Solver(UnrolledSolver):
    """ALISTA: analytic weights, a learned step and threshold per layer.

    J. Liu, X. Chen, Z. Wang and W. Yin, ALISTA: analytic weights are as good
    as learned weights in LISTA, ICLR 2019; without the support selection that
    their code adds.
    """

    name = "ALISTA"
    network = ALISTA
