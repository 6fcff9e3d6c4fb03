from benchmark_utils.learned_tv import LearnedSolver

from unrolling.tv.networks import CoupledLPGD


class Solver(LearnedSolver):
    """Coupled-LPGD: PGD with one learned matrix a layer, and the exact prox.

    What coupled LISTA is for the Lasso: X. Chen, J. Liu, Z. Wang and W. Yin,
    Theoretical linear convergence of unfolded ISTA and its practical weights
    and thresholds, NeurIPS 2018, arXiv:1808.10038.
    """

    name = "Coupled-LPGD"
    network = CoupledLPGD
