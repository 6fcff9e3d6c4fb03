from benchmark_utils.latent import Iterate, LatentSolver, decode

from unrolling.optimizers import Adam


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
        step = self.tuned("step_size")
        adam = Adam(self.beta_1, self.beta_2)
        while True:
            image, pull = decode(self.G, z)
            yield Iterate(z, image)
            z = z + adam.move(pull(self.fit.grad(image)), step)
