import numpy as np
from benchopt import BaseSolver

from unrolling.prox import soft_threshold


class Solver(BaseSolver):
    """What the method does, in a line; its authors, title, venue, DOI.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run. A method that alternates between codes
    and atoms needs only `codes`, see `benchmark_utils/alternation.py`.
    """

    # The name in the report: the paper's, without a '/'.
    name = "My-method"

    # One curve for each combination. They become attributes: self.step_size.
    # A name must not be that of a method or attribute.
    parameters = {"step_size": [1.0]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    def skip(self, D_init, x, lmbd, max_time):
        """Why this problem is not for this method, if it is not."""
        if self.step_size >= 2:
            return True, f"step_size must be < 2, got {self.step_size}"
        return False, None

    def set_objective(self, D_init, x, lmbd, max_time):
        """The problem: the start D_init (n_dim, n_atoms), x (n_samples,
        n_dim), lmbd; max_time, in s, is for stopping criteria."""
        self.D_init, self.x, self.lmbd = D_init, x, lmbd

    def run(self, cb):
        """What is timed; cb() says whether to go on after each iteration."""
        self.D, x, lmbd = self.D_init, self.x, self.lmbd
        self.z = np.zeros((len(x), self.D.shape[1]))
        while cb():
            step = self.step_size / np.linalg.norm(self.D, ord=2) ** 2
            grad = (self.z @ self.D.T - x) @ self.D
            self.z = soft_threshold(self.z - step * grad, step * lmbd)
            L_A = max(np.linalg.norm(self.z, ord=2) ** 2, 1e-12)
            D = self.D - (self.z @ self.D.T - x).T @ self.z / L_A
            self.D = D / np.maximum(1, np.linalg.norm(D, axis=0))

    def get_result(self):
        """D (n_dim, n_atoms) with atoms in the unit ball; z (n_samples,
        n_atoms), the method's own codes, may be left out."""
        return {"D": self.D, "z": self.z}
