"""Steps of stochastic methods: how a gradient becomes a move."""
import numpy as np


class Gradient:
    """theta <- theta - step gradient."""

    def move(self, gradient, step):
        """What is added to theta, (n_parameters,)."""
        return -step * gradient


class Adam:
    """D. P. Kingma and J. Ba, Adam: a method for stochastic optimization,
    ICLR 2015, arXiv:1412.6980, Algorithm 1, with its epsilon.

    Parameters
    ----------
    beta_1, beta_2 : float, in [0, 1)
    """

    def __init__(self, beta_1=0.9, beta_2=0.999):
        self.beta_1, self.beta_2 = beta_1, beta_2
        self.mean = self.square = 0
        self.t = 0

    def move(self, gradient, step):
        """What is added to theta, (n_parameters,)."""
        beta_1, beta_2, self.t = self.beta_1, self.beta_2, self.t + 1
        self.mean = beta_1 * self.mean + (1 - beta_1) * gradient
        self.square = beta_2 * self.square + (1 - beta_2) * gradient**2
        scale = np.sqrt(self.square / (1 - beta_2**self.t)) + 1e-8
        return -step / (1 - beta_1**self.t) * self.mean / scale


INNER = {"sgd": Gradient, "adam": Adam}
