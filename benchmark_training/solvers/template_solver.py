from itertools import count

from benchmark_utils.training_solvers import FitSolver


class Solver(FitSolver):
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

    def iterates(self, rng):
        """Yield the result of the start, then one for each gradient of a
        batch, without an end: benchopt stops after the objective's n_steps.
        It is theta (n_parameters,), and theta_2 if there is a second block.
        The task is a `benchmark_utils.fits.Fit`."""
        task, theta = self.task, self.task.start
        yield {"theta": theta}
        for _ in count():
            theta = theta - self.step_size * task.gradient(
                theta, task.draw(rng))
            yield {"theta": theta}
