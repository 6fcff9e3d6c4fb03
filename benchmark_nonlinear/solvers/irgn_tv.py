import numpy as np
from benchmark_utils.classical_nonlinear import NonlinearSolver
from benchmark_utils.newton_steps import neighbour_pairs, solve

from unrolling.options import PROPER_SHARE

SMOOTHING = 1e-2
"""Jumps below it, in the unit of x, are penalised quadratically."""


class Solver(NonlinearSolver):
    """Iteratively regularised Gauss-Newton steps with total variation.

    x <- argmin ||K(x_k) + J (x - x_k) - y||^2 + alpha_k sum_{i ~ j} w_ij (x_i
    - x_j)^2 over neighbours in the signal or on the mesh, where w_ij = ((x_i -
    x_j)^2 + SMOOTHING^2)^(-1/2) at x_k, and alpha_k = max(reg, decay^k)
    ||J||^2, J at the background: reg counts after log(reg) / log(decay)
    iterations, 15 for 1e-8. A. Borsic, B. M. Graham, A. Adler and W. R. B.
    Lionheart, In vivo impedance imaging with total variation regularization,
    IEEE Trans. Med. Imaging 29(1), 2010, doi:10.1109/TMI.2009.2022540; C. R.
    Vogel and M. E. Oman, doi:10.1137/0917016, for the lagged weights.
    """

    name = "IRGN-TV"
    parameters = {"reg": ["tuned"], "decay": [0.3]}
    ranges = {"decay": PROPER_SHARE}
    tuned_parameter, tuning_range = "reg", (1e-8, 1.0)

    def iterates(self, K, y, x):
        k, unit = 0, K.norm(self.background) ** 2
        i, j = neighbour_pairs(K).T
        while True:
            yield x
            at = K.at(x)
            J, alpha = at.jacobian(), max(self.chosen, self.decay**k) * unit
            r = y - at.value + (J @ x[..., None])[..., 0]
            w = alpha / np.hypot(x[:, i] - x[:, j], SMOOTHING)
            H = J.transpose(0, 2, 1) @ J
            for p, q, sign in ((i, j, -1), (j, i, -1), (i, i, 1), (j, j, 1)):
                np.add.at(H, (slice(None), p, q), sign * w)
            right = J.transpose(0, 2, 1) @ r[..., None]
            x, k = K.project(solve(H, right)[..., 0]), k + 1
