from itertools import count

from benchmark_utils.training_solvers import FitSolver

from unrolling.optimizers import Adam


class Solver(FitSolver):
    """Adam on F, with a step that decreases.

    D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, ICLR
    2015, arXiv:1412.6980. `step_size` is in the unit of the parameters.
    """

    name = "Adam"
    parameters = {"step_size": ["tuned"], "beta_1, beta_2": [(0.9, 0.999)]}

    def iterates(self, rng):
        task, theta = self.task, self.task.start
        adam = Adam(self.beta_1, self.beta_2)
        yield {"theta": theta}
        for t in count():
            gradient = task.gradient(theta, task.draw(rng))
            theta = theta + adam.move(gradient, self.rate(t))
            yield {"theta": theta}
