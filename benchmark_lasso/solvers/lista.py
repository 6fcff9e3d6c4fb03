from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.networks import LISTA


class Solver(UnrolledSolver):
    """LISTA, with two matrices and one threshold per atom in each layer.

    The matrices are trained after the steps. K. Gregor and Y. LeCun, Learning
    fast approximations of sparse coding, ICML 2010.
    """

    name = "LISTA"
    network = LISTA
