import numpy as np
from benchopt import BaseSolver

from unrolling.bench.criteria import StepCriterion


class Solver(BaseSolver):
    """What the method does, in a line; its authors, title, venue, DOI.

    Copy this file to a name of your own in this folder. Files whose name
    starts with `template_` are not run.
    """

    # The name in the report: the paper's, without a '/'.
    name = "My-method"

    # One curve for each combination. They become attributes: self.step_size.
    # A name must not be that of a method or attribute.
    parameters = {"step_size": [1e-3]}

    # conda packages and pip:: packages that only this file needs.
    requirements = []

    # The solver decides when it is measured: cb() in `run`. It stops after
    # max_iter calls of it, each of which is the gradient of a batch.
    sampling_strategy = "callback"
    stopping_criterion = StepCriterion(strategy="callback")

    def skip(self, task, **_):
        """Why this task is not for this method, if it is not."""
        if task.kind == "gan":
            return True, "My-method minimises F(theta), got kind=gan"
        return False, None

    def set_objective(self, task, n_steps):
        """The task, see `benchmark_utils.fits.Fit`, and the budget."""
        self.task, self.theta, self.max_iter = task, task.start, n_steps
        self.seed = self.get_seed()

    def run(self, cb):
        """What is timed; cb() says whether to go on after each step."""
        rng = np.random.default_rng(self.seed)
        while cb():
            batch = self.task.draw(rng)
            self.theta = self.theta - self.step_size * self.task.gradient(
                self.theta, batch)

    def get_result(self):
        """theta (n_parameters,), and theta_2 if there is a second block."""
        return {"theta": self.theta}
