from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.networks import LearnedFISTA


class Solver(UnrolledSolver):
    """Learned FISTA: the steps and the momenta of FISTA, learned.

    Before training it is the algorithm of A. Beck and M. Teboulle, A fast
    iterative shrinkage-thresholding algorithm for linear inverse problems,
    SIAM J. Imaging Sci. 2(1), 2009, doi:10.1137/080716542.
    """

    name = "Learned-FISTA"
    network = LearnedFISTA
