import numpy as np
from benchopt import BaseSolver

from unrolling.prox import prox_tv
from unrolling.tv import best_constant


class Solver(BaseSolver):
    """What the method does, in a line; its authors, title, venue, DOI.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report: the paper's, without a '/'.
    name = "My-method"

    # One curve for each combination. They become attributes: self.step_size.
    # A name must not be that of a method or attribute.
    parameters = {"step_size": [1.0]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    def skip(self, A, x, lmbd, delta=None, **_):
        """Why this problem is not for this method, if it is not."""
        if delta is not None:
            return True, "the data fit must be quadratic: use data_fit=quad"
        return False, None

    def set_objective(self, A, x, lmbd, **_):
        """The problem: A (n_dim, n_times), x (n_samples, n_dim), lmbd."""
        self.A, self.x, self.lmbd = A, x, lmbd

    def run(self, cb):
        """What is timed; cb() says whether to go on after each iteration."""
        A, x, lmbd = self.A, self.x, self.lmbd
        step = self.step_size / np.linalg.norm(A, ord=2) ** 2
        # all solvers start from the best constant of each sample
        self.u = np.tile(best_constant(A, x)[:, None], A.shape[1])
        while cb():
            grad = (self.u @ A.T - x) @ A
            self.u = prox_tv(self.u - step * grad, step * lmbd)

    def get_result(self):
        """u (n_samples, n_times), one row per sample."""
        return {"u": self.u}
