from benchmark_utils.classical_nonlinear import NonlinearSolver
from benchmark_utils.newton_steps import tikhonov_step

from unrolling.options import PROPER_SHARE


class Solver(NonlinearSolver):
    """The iteratively regularised Gauss-Newton method.

    x <- argmin ||K(x_k) + J (x - x_k) - y||^2 + alpha_k ||x - b||^2, with b
    the background and alpha_k = max(reg, decay^k) ||J||^2, J at b: a good
    start is given up for b in the first ones, and reg counts after log(reg) /
    log(decay) iterations, 15 for 1e-8. A. B. Bakushinskii, The problem of the
    convergence of the iteratively regularized Gauss-Newton method, Comput.
    Math. Math. Phys. 32(9), 1992; B. Kaltenbacher, A. Neubauer and O.
    Scherzer, Iterative regularization methods for nonlinear ill-posed
    problems, 2008,
    doi:10.1515/9783110208276.
    """

    name = "IRGN-Tikhonov"
    parameters = {"reg": ["tuned"], "decay": [0.3]}
    ranges = {"decay": PROPER_SHARE}
    tuned_parameter, tuning_range = "reg", (1e-8, 1.0)

    def iterates(self, K, y, x):
        b, k, unit = self.background, 0, K.norm(self.background) ** 2
        while True:
            yield x
            at = K.at(x)
            J = at.jacobian()
            alpha = max(self.chosen, self.decay**k) * unit
            r = y - at.value + (J @ (x - b)[..., None])[..., 0]
            x, k = K.project(b + tikhonov_step(J, r, alpha)), k + 1
