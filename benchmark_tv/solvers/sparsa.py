from benchmark_utils.tv import IterativeSolver

from unrolling.options import COUNT
from unrolling.prox import prox_tv
from unrolling.sparsa import sparsa
from unrolling.tv.batch import variation


class Solver(IterativeSolver):
    """SpaRSA: PGD with the step of Barzilai and Borwein, one per sample.

    The step is the inverse curvature along the sample's last move, halved
    until the cost is below the highest of the last `memory` ones. S. Wright,
    R. Nowak and M. Figueiredo, Sparse reconstruction by separable
    approximation, IEEE Trans. Signal Process. 57(7), 2009,
    doi:10.1109/TSP.2009.2016892.
    """

    name = "SpaRSA"
    parameters = {"memory": [5]}
    ranges = {"memory": COUNT}

    def iterates(self, A, x, u, lmbd):
        yield from sparsa(
            self.data_fit(A, x), u, lambda v, t: prox_tv(v, t * lmbd),
            lambda u: lmbd * variation(u), self.memory)
