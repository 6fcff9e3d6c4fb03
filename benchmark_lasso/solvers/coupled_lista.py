from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.networks import CoupledLISTA


class Solver(UnrolledSolver):
    """LISTA with coupled weights, W_z = I - W_x D: one matrix a layer.

    The matrix is trained after the steps. X. Chen, J. Liu, Z. Wang and W.
    Yin, Theoretical linear convergence of unfolded ISTA and its practical
    weights and thresholds, NeurIPS 2018, arXiv:1808.10038.
    """

    name = "Coupled-LISTA"
    network = CoupledLISTA
