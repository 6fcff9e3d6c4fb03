import time

import numpy as np
from benchmark_utils.classical_nonlinear import NonlinearSolver
from benchmark_utils.newton_steps import tikhonov_step
from sklearn.covariance import ledoit_wolf

N_HALVINGS = 10


class Solver(NonlinearSolver):
    """Gauss-Newton steps to the most probable x under a Gaussian prior.

    min_w ||K(m + B w) - y||^2 + noise v ||w||^2, where m is the mean of the
    training samples and B B' their covariance, shrunk towards a multiple of
    the identity (O. Ledoit and M. Wolf, J. Multivariate Anal. 88(2), 2004), v
    is the mean over the data of the variance of J B w, with J at m, and steps
    in w are halved until the cost falls. What a linear estimate knows of x,
    with the operator known, too. A. Tarantola, Inverse problem theory, SIAM,
    2005, doi:10.1137/1.9780898717921, section 3.2.
    """

    name = "Gaussian-prior"
    requirements = ["scikit-learn"]
    parameters = {"noise": ["tuned"]}
    tuned_parameter, tuning_range = "noise", (1e-8, 1.0)

    def set_objective(self, train, **problem):
        super().set_objective(**problem)
        started = time.perf_counter()
        self.mean = train.x.mean(axis=0)
        variance, V = np.linalg.eigh(ledoit_wolf(train.x)[0])
        self.B = V * np.sqrt(variance.clip(
            min=1e-12 * (variance.max() or 1.0)))
        self.tuning_time += time.perf_counter() - started

    def iterates(self, K, y, x):
        J = K.at(self.mean[None]).jacobian()[0]
        s = self.chosen * ((J @ self.B) ** 2).sum() / K.n_y
        w = np.linalg.solve(self.B, (x - self.mean).T).T
        at, cost = K.at(x), self.cost(K, y, x, w, s)
        while True:
            yield x
            J = at.jacobian()
            r = y - at.value + (J @ (x - self.mean)[..., None])[..., 0]
            step = tikhonov_step(J @ self.B, r, s) - w
            t = np.ones((len(x), 1))
            for _ in range(N_HALVINGS):
                new_w = w + t * step
                new = K.project(self.mean + new_w @ self.B.T)
                new_cost = self.cost(K, y, new, new_w, s)
                falls = (new_cost < cost)[:, None]
                if falls.all():
                    break
                t = np.where(falls, t, t / 2)
            x, w = np.where(falls, new, x), np.where(falls, new_w, w)
            at, cost = K.at(x), np.fmin(cost, new_cost)

    def cost(self, K, y, x, w, s):
        """The cost of each sample, (n_samples,)."""
        return ((K.forward(x) - y) ** 2).sum(axis=1) + s * (w**2).sum(axis=1)
