from benchmark_utils.fgp import prox_tv2d
from benchmark_utils.tv2d import ImageSolver

from unrolling.momentum import Momentum
from unrolling.options import COUNT


class Solver(ImageSolver):
    """FISTA with an inner prox, with adaptive restart or without.

    As PGD, from a point that goes on along the last move; the inner prox
    restarts its own momentum, as that of PGD does. A. Beck and M.
    Teboulle, Fast gradient-based algorithms for constrained total variation
    image denoising and deblurring problems, IEEE Trans. Image Process.
    18(11), 2009, doi:10.1109/TIP.2009.2028250, section 5; restart: B.
    O'Donoghue and E. Candes, Found. Comput. Math. 15, 2015, arXiv:1204.3982.
    """

    name = "FISTA"
    parameters = {
        "restart": [True, False], "n_inner": [5, 20], "backend": ["numpy"],
        "device": ["cpu"]}
    ranges = {"n_inner": COUNT}

    def algorithm(self, A, x, u, lmbd):
        step, c, p, flat = 1 / A.L, A(x), None, (len(x), -1)
        y, momentum = u, Momentum(u.reshape(flat), self.restart)
        while True:
            yield u
            v = y - step * (A.normal(y) - c)
            u, p = prox_tv2d(v, step * lmbd, self.isotropic, self.n_inner, p)
            y = momentum(y.reshape(flat), u.reshape(flat)).reshape(u.shape)
