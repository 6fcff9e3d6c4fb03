from benchmark_utils.latent import Iterate, LatentSolver, decode


class Solver(LatentSolver):
    """Adam on L(G(z)), each latent with a step of its own.

    A. Bora, A. Jalal, E. Price and A. G. Dimakis, Compressed sensing using
    generative models, ICML 2017, arXiv:1703.03208; D. P. Kingma and J. Ba,
    Adam: a method for stochastic optimization, ICLR 2015, arXiv:1412.6980.
    """

    name = "Adam"
    parameters = {
        "step_size": ["tuned"], "beta_1, beta_2": [(0.9, 0.999)],
        "device": ["cpu"]}

    def iterates(self, z):
        step, t = self.tuned("step_size"), 0
        mean, square = 0 * z, 0 * z
        while True:
            image, pull = decode(self.G, z)
            yield Iterate(z, image)
            grad, t = pull(self.fit.grad(image)), t + 1
            mean = self.beta_1 * mean + (1 - self.beta_1) * grad
            square = self.beta_2 * square + (1 - self.beta_2) * grad**2
            scale = (square / (1 - self.beta_2**t)).sqrt() + 1e-8
            z = z - step / (1 - self.beta_1**t) * mean / scale
