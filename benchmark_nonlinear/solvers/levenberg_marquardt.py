import numpy as np
from benchmark_utils.classical_nonlinear import NonlinearSolver
from benchmark_utils.newton_steps import tikhonov_step


class Solver(NonlinearSolver):
    """Levenberg-Marquardt: Gauss-Newton steps whose damping adapts.

    mu is a third after a step that lowers ||y - K(x)||, else three times as
    large and the step is not taken. It begins at `damping` ||J||^2. D. W.
    Marquardt, An algorithm for least-squares estimation of nonlinear
    parameters, J. SIAM 11(2), 1963, doi:10.1137/0111030.
    """

    name = "Levenberg-Marquardt"
    parameters = {"damping": ["tuned"]}
    tuned_parameter, tuning_range = "damping", (1e-4, 1e4)

    def iterates(self, K, y, x):
        unit = K.norm(self.background) ** 2
        mu = np.full(len(x), self.chosen * unit)
        at = K.at(x)
        J = at.jacobian()
        r = y - at.value
        while True:
            yield x
            trial = K.project(x + tikhonov_step(J, r, mu))
            at = K.at(trial)
            better = (np.linalg.norm(y - at.value, axis=1)
                      < np.linalg.norm(r, axis=1))
            x = np.where(better[:, None], trial, x)
            r = np.where(better[:, None], y - at.value, r)
            J = np.where(better[:, None, None], at.jacobian(), J)
            mu = np.where(better, mu / 3, mu * 3).clip(
                1e-14 * unit, 1e14 * unit)
