from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.networks import StepLISTA


class Solver(UnrolledSolver):
    """Step-LISTA: ISTA whose only learned parameters are the steps.

    P. Ablin, T. Moreau, M. Massias and A. Gramfort, Learning step sizes for
    unfolded sparse coding, NeurIPS 2019, arXiv:1905.11071.
    """

    name = "Step-LISTA"
    network = StepLISTA
