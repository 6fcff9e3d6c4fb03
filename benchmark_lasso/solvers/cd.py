import numpy as np
from benchopt import BaseSolver
from numba import njit, prange


@njit(parallel=True)
def sweep(gram, lmbd, z, corr):
    """One cycle of coordinate descent on each sample, in place.

    Keeps corr = D'(x - Dz), (n_samples, n_atoms).
    """
    for i in prange(len(z)):
        for j in range(len(gram)):
            if z[i, j] == 0 and abs(corr[i, j]) <= lmbd:
                continue
            target = corr[i, j] + gram[j, j] * z[i, j]
            target = np.sign(target) * max(abs(target) - lmbd, 0.0)
            change = target / gram[j, j] - z[i, j]
            z[i, j] += change
            for k in range(len(gram)):
                corr[i, k] -= change * gram[j, k]


class Solver(BaseSolver):
    """Cyclic coordinate descent with covariance (Gram) updates.

    Parallel over the samples, which share G = D'D; an iteration is one cycle
    over the atoms, in which one that stays at zero costs a comparison. J.
    Friedman, T. Hastie and R. Tibshirani, Regularization paths for
    generalized linear models via coordinate descent, J. Stat. Softw. 33(1),
    2010, doi:10.18637/jss.v033.i01.
    """

    name = "CD"
    requirements = ["numba"]

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x, self.lmbd = D, x, lmbd

    def warm_up(self):
        self.run_once()

    def run(self, cb):
        gram = self.D.T @ self.D
        corr = self.x @ self.D
        self.z = np.zeros_like(corr)
        while cb():
            sweep(gram, self.lmbd, self.z, corr)

    def get_result(self):
        return {"z": self.z}
