from benchmark_utils.learned_tv import LearnedSolver

from unrolling.tv.networks import StepLPGD


class Solver(LearnedSolver):
    """Step-LPGD: PGD whose only learned parameters are the steps.

    What Step-LISTA is for the Lasso: P. Ablin, T. Moreau, M. Massias and A.
    Gramfort, Learning step sizes for unfolded sparse coding, NeurIPS 2019,
    arXiv:1905.11071.
    """

    name = "Step-LPGD"
    network = StepLPGD
