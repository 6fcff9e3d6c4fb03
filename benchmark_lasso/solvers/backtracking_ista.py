import numpy as np
from benchmark_utils.classical import IterativeSolver

from unrolling.prox import soft_threshold


class Solver(IterativeSolver):
    """ISTA whose step, one per sample, is found by backtracking.

    From twice the last step, halve it until the quadratic model of the data
    fit is an upper bound: ||D(z+ - z)||^2 <= ||z+ - z||^2 / step. A. Beck and
    M. Teboulle, SIAM J. Imaging Sci. 2(1), 2009, doi:10.1137/080716542,
    section 3, without the knowledge of L.
    """

    name = "Backtracking-ISTA"

    def iterates(self, D, x, lmbd):
        z = np.zeros((len(x), D.shape[1]))
        residual, step = -x, np.ones((len(x), 1))
        while True:
            yield z
            grad = residual @ D
            step = np.minimum(2 * step, 1e10)  # z at rest passes any step
            z_new, todo = z.copy(), np.arange(len(x))
            image = np.zeros_like(residual)
            while len(todo):
                s = step[todo]
                move = soft_threshold(
                    z[todo] - s * grad[todo], s * lmbd) - z[todo]
                image[todo] = move @ D.T
                z_new[todo] = z[todo] + move
                above = (image[todo] ** 2).sum(axis=1, keepdims=True) > (
                    (move**2).sum(axis=1, keepdims=True) / s)
                todo = todo[above[:, 0]]
                step[todo] /= 2
            z = z_new
            residual += image
