"""How a gradient becomes a move, for arrays of numpy and Tensors alike."""


class Gradient:
    """Gradient descent."""

    def move(self, gradient, step):
        """What is added to the parameters, of the gradient's shape."""
        return -step * gradient


class Adam:
    """D. P. Kingma and J. Ba, Adam: a method for stochastic optimization,
    ICLR 2015, arXiv:1412.6980, Algorithm 1, with its epsilon.

    Parameters
    ----------
    beta_1, beta_2 : float, in [0, 1)
        What the running means of the gradients and of their squares keep of
        themselves at each step.
    """

    def __init__(self, beta_1=0.9, beta_2=0.999):
        self.beta_1, self.beta_2 = beta_1, beta_2
        self.mean = self.square = 0
        self.t = 0

    def move(self, gradient, step):
        """What is added to the parameters, of the gradient's shape."""
        beta_1, beta_2, self.t = self.beta_1, self.beta_2, self.t + 1
        self.mean = beta_1 * self.mean + (1 - beta_1) * gradient
        self.square = beta_2 * self.square + (1 - beta_2) * gradient**2
        scale = (self.square / (1 - beta_2**self.t)) ** 0.5 + 1e-8
        return -step / (1 - beta_1**self.t) * self.mean / scale


OPTIMIZERS = {"gd": Gradient, "adam": Adam}
