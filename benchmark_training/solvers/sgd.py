from itertools import count

from benchmark_utils.training_solvers import FitSolver


class Solver(FitSolver):
    """Stochastic gradient descent on F, with a step that decreases.

    L. Bottou, F. E. Curtis and J. Nocedal, Optimization methods for
    large-scale machine learning, SIAM Rev. 60(2), 2018, arXiv:1606.04838.
    `step_size` is that of the mean loss.
    """

    name = "SGD"
    parameters = {"step_size": ["tuned"]}

    def iterates(self, rng):
        task, theta = self.task, self.task.start
        yield {"theta": theta}
        for t in count():
            step = self.rate(t) / task.n_samples
            theta = theta - step * task.gradient(theta, task.draw(rng))
            yield {"theta": theta}
