from benchmark_utils.latent import Iterate, LatentSolver, decode
from benchmark_utils.steps import first_order_step


class Solver(LatentSolver):
    """Gradient descent, z <- z - step J(z)' grad L(G(z)).

    The step is `step_size` over the curvature of L(G(z)) at the start; on a
    nonsmooth loss it is a subgradient method, and the curvature that of the
    loss's smooth envelope. A. Bora, A. Jalal, E. Price and A. G. Dimakis,
    Compressed sensing using generative models, ICML 2017, arXiv:1703.03208.
    """

    name = "GD"
    parameters = {"step_size": ["tuned"], "device": ["cpu"]}

    def iterates(self, z):
        step = self.tuned("step_size") * first_order_step(self.G, z, self.fit)
        while True:
            image, pull = decode(self.G, z)
            yield Iterate(z, image)
            z = z - step * pull(self.fit.grad(image))
