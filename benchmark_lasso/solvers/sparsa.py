import numpy as np
from benchmark_utils.classical import IterativeSolver

from unrolling.linear import LeastSquares
from unrolling.options import BELOW_ONE, COUNT
from unrolling.prox import soft_threshold
from unrolling.sparsa import sparsa


class Solver(IterativeSolver):
    """SpaRSA: ISTA with the step of Barzilai and Borwein, one per sample.

    The step is the inverse curvature along the sample's last move, halved
    until the cost is below the highest of the last `memory` ones; with
    memory=1 the cost never rises. S. Wright, R. Nowak and M. Figueiredo,
    Sparse reconstruction by separable approximation, IEEE Trans. Signal
    Process. 57(7), 2009, doi:10.1109/TSP.2009.2016892.
    """

    name = "SpaRSA"
    parameters = {"memory": [5], "sigma": [0.01]}
    ranges = {"memory": COUNT, "sigma": BELOW_ONE}

    def iterates(self, D, x, lmbd):
        fit = LeastSquares(D, x)
        yield from sparsa(
            fit, fit.zeros(),
            lambda v, t: soft_threshold(v, t[:, None] * lmbd),
            lambda z: lmbd * np.abs(z).sum(axis=1), self.memory, self.sigma)
