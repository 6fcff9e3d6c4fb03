"""Adam's direction, for the methods that take steps along it."""


class Adam:
    """The running means of gradients and of their squares, entry by entry.

    D. P. Kingma and J. Ba, Adam: a method for stochastic optimization, ICLR
    2015, arXiv:1412.6980, Algorithm 1.

    Parameters
    ----------
    z : Tensor
        Of the shape that gradients have.
    beta_1, beta_2 : float in [0, 1)
        What the means keep of themselves at each step.
    """

    def __init__(self, z, beta_1, beta_2):
        self.mean, self.square, self.t = 0 * z, 0 * z, 0
        self.betas = beta_1, beta_2

    def direction(self, grad):
        """The next direction, whose entries are about 1; shape of grad."""
        beta_1, beta_2 = self.betas
        self.t += 1
        self.mean = beta_1 * self.mean + (1 - beta_1) * grad
        self.square = beta_2 * self.square + (1 - beta_2) * grad**2
        scale = (self.square / (1 - beta_2**self.t)).sqrt() + 1e-8
        return self.mean / (1 - beta_1**self.t) / scale
