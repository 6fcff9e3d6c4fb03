from benchmark_utils.learned_tv import LearnedSolver

from unrolling.tv.networks import LPGD


class Solver(LearnedSolver):
    """LPGD-Taut: PGD with two learned matrices a layer, and the exact prox.

    The prox is differentiated exactly. H. Cherkaoui, J. Sulam and T. Moreau,
    Learning to solve TV regularised problems with unrolled algorithms,
    NeurIPS 2020, arXiv:2010.09545, without this network's learned step and
    threshold, and with matrices in another unit.
    """

    name = "LPGD-Taut"
    network = LPGD
