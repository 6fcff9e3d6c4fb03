import numpy as np
from benchopt import BaseSolver

from unrolling.prox import soft_threshold


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

    def skip(self, D, x, lmbd, **_):
        """Why this problem is not for this method, if it is not."""
        if self.step_size >= 2:
            return True, f"step_size must be < 2, got {self.step_size}"
        return False, None

    def set_objective(self, D, x, lmbd, **_):
        """The problem: D (n_dim, n_atoms), x (n_samples, n_dim), lmbd."""
        self.D, self.x, self.lmbd = D, x, lmbd

    def run(self, cb):
        """What is timed; cb() says whether to go on after each iteration."""
        D, x, lmbd = self.D, self.x, self.lmbd
        step = self.step_size / np.linalg.norm(D, ord=2) ** 2
        self.z = np.zeros((len(x), D.shape[1]))
        while cb():
            grad = (self.z @ D.T - x) @ D
            self.z = soft_threshold(self.z - step * grad, step * lmbd)

    def get_result(self):
        """z (n_samples, n_atoms), one row per sample."""
        return {"z": self.z}
