import numpy as np
from benchmark_utils.tv import starting_signals
from benchopt import BaseSolver

from unrolling.prox import prox_tv


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

    def set_objective(self, A, x, lmbd, start_map=None, **_):
        """The problem: A (n_dim, n_times), x (n_samples, n_dim), lmbd."""
        self.A, self.x, self.lmbd = A, x, lmbd
        self.start = starting_signals(A, x, start_map=start_map)

    def run(self, cb):
        """What is timed; cb() says whether to go on after each iteration."""
        A, x, lmbd = self.A, self.x, self.lmbd
        step = self.step_size / np.linalg.norm(A, ord=2) ** 2
        self.u = self.start  # all solvers start from the same signals
        while cb():
            grad = (self.u @ A.T - x) @ A
            self.u = prox_tv(self.u - step * grad, step * lmbd)

    def get_result(self):
        """u (n_samples, n_times), one row per sample."""
        return {"u": self.u}
