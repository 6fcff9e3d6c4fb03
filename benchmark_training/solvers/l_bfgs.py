import math

from benchmark_utils.training_solvers import TrainingSolver
from scipy.optimize import minimize

from unrolling.options import COUNT


class OutOfSteps(Exception):
    """The budget is used."""


class Solver(TrainingSolver):
    """L-BFGS on F, with gradients of all samples.

    D. C. Liu and J. Nocedal, On the limited memory BFGS method for large scale
    optimization, Math. Program. 45, 1989, doi:10.1007/BF01589116, as in scipy.
    A gradient counts as the batches that the samples make; the result is the
    best point so far.
    """

    name = "L-BFGS"
    kinds = "regression", "classification"
    parameters = {"memory": [20]}
    ranges = {"memory": COUNT}
    step_size = None

    def run(self, cb):
        task, best = self.task, math.inf
        batches = math.ceil(task.n_samples / task.batch_size)

        def function(theta):
            nonlocal best
            if not all(cb() for _ in range(batches)):
                raise OutOfSteps
            value, gradient = task.value_and_gradient(theta)
            if value < best:
                best, self.result = value, {"theta": theta.copy()}
            return value, gradient

        self.result = {"theta": task.start}
        try:
            while True:  # a run that has converged stays where it is
                minimize(function, self.result["theta"], jac=True,
                         method="L-BFGS-B", options={
                             "maxcor": self.memory, "maxiter": self.max_iter,
                             "ftol": 0, "gtol": 0})
        except OutOfSteps:
            pass
