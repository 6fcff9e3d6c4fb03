from itertools import count

from benchmark_utils.training_solvers import FitSolver

from unrolling.options import BELOW_ONE


class Solver(FitSolver):
    """Stochastic gradient descent on F with heavy-ball momentum.

    I. Sutskever, J. Martens, G. Dahl and G. Hinton, On the importance of
    initialization and momentum in deep learning, ICML 2013. `step_size` is
    that of the mean loss.
    """

    name = "Momentum"
    parameters = {"step_size": ["tuned"], "momentum": [0.9]}
    ranges = {"momentum": BELOW_ONE}

    def iterates(self, rng):
        task, theta = self.task, self.task.start
        velocity = 0
        yield {"theta": theta}
        for t in count():
            step = self.rate(t) / task.n_samples
            velocity = (self.momentum * velocity
                        - step * task.gradient(theta, task.draw(rng)))
            theta = theta + velocity
            yield {"theta": theta}
