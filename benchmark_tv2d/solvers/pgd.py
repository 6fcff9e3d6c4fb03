from benchmark_utils.fgp import prox_tv2d
from benchmark_utils.tv2d import ImageSolver

from unrolling.options import COUNT


class Solver(ImageSolver):
    """Proximal gradient, u <- prox(u - A'(Au - x)/L), with an inner prox.

    The prox of (lmbd / L) TV takes n_inner steps of fast gradient projection,
    from the dual point where the last prox ended. P. L. Combettes and V. R.
    Wajs, Multiscale Model. Simul. 4(4), 2005, doi:10.1137/050626090.
    """

    name = "PGD"
    parameters = {
        "n_inner": [5, 20], "backend": ["numpy"], "device": ["cpu"]}
    ranges = {"n_inner": COUNT}

    def algorithm(self, A, x, u, lmbd):
        step, c, p = 1 / A.L, A(x), None
        while True:
            yield u
            v = u - step * (A.normal(u) - c)
            u, p = prox_tv2d(v, step * lmbd, self.isotropic, self.n_inner, p)
