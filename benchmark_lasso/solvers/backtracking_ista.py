import numpy as np
from benchopt import BaseSolver

from unrolling.prox import soft_threshold


class Solver(BaseSolver):
    """ISTA whose step, one per sample, is found by backtracking.

    From twice the last step, halve it until the quadratic model of the data
    fit is an upper bound: ||D(z+ - z)||^2 <= ||z+ - z||^2 / step. A. Beck and
    M. Teboulle, SIAM J. Imaging Sci. 2(1), 2009, doi:10.1137/080716542,
    section 3, without the knowledge of L.
    """

    name = "Backtracking-ISTA"

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x, self.lmbd = D, x, lmbd

    def run(self, cb):
        D, lmbd = self.D, self.lmbd
        self.z = np.zeros((len(self.x), D.shape[1]))
        residual = -self.x
        step = np.ones((len(self.x), 1))
        while cb():
            grad = residual @ D
            step = np.minimum(2 * step, 1e10)  # z at rest passes any step
            z_new, todo = self.z.copy(), np.arange(len(self.x))
            image = np.zeros_like(residual)
            while len(todo):
                s = step[todo]
                move = soft_threshold(
                    self.z[todo] - s * grad[todo], s * lmbd) - self.z[todo]
                image[todo] = move @ D.T
                z_new[todo] = self.z[todo] + move
                above = (image[todo] ** 2).sum(axis=1, keepdims=True) > (
                    (move**2).sum(axis=1, keepdims=True) / s)
                todo = todo[above[:, 0]]
                step[todo] /= 2
            self.z = z_new
            residual += image

    def get_result(self):
        return {"z": self.z}
