from benchmark_utils.latent import Iterate, LatentSolver, decode

from unrolling.optimizers import Adam


class Solver(LatentSolver):
    """Adam on L(G(z)) + H(z), each latent with a step of its own.

    A. Bora, A. Jalal, E. Price and A. G. Dimakis, Compressed sensing using
    generative models, ICML 2017, arXiv:1703.03208; D. P. Kingma and J. Ba,
    Adam: a method for stochastic optimization, ICLR 2015, arXiv:1412.6980.
    """

    name = "Adam"
    parameters = {"step_size": ["tuned"], "device": ["cpu"]}

    def iterates(self, z):
        adam, step = Adam(), self.tuned("step_size")
        while True:
            image, pull = decode(self.G, z)
            yield Iterate(z, image)
            grad = pull(self.fit.grad(image)) + self.H.grad(z)
            z = z + adam.move(grad, step)
