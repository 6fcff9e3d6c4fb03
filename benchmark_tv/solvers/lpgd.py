from benchmark_utils.learned_tv import LearnedSolver

from unrolling.tv.networks import LPGD


class Solver(LearnedSolver):
    """LPGD: PGD with learned matrices, steps and thresholds, the exact prox.

    LPGD-Taut, whose step and threshold are not learned, in another unit: H.
    Cherkaoui, J. Sulam and T. Moreau, Learning to solve TV regularised
    problems with unrolled algorithms, NeurIPS 2020, arXiv:2010.09545.
    """

    name = "LPGD"
    network = LPGD
