from benchmark_utils.latent import Iterate, LatentSolver, decode
from benchmark_utils.steps import loss_curvature


class Solver(LatentSolver):
    """Gradient descent, z <- z - step (J(z)' grad L(G(z)) + grad H(z)).

    The step is `step_size` over the curvature of L(G(z)) at the start; that
    of H is the same everywhere, and counts in full. On a nonsmooth loss it is
    a subgradient method, and the curvature that of the loss's smooth
    envelope. A. Bora, A. Jalal, E. Price and A. G. Dimakis,
    Compressed sensing using generative models, ICML 2017, arXiv:1703.03208.
    """

    name = "GD"
    parameters = {"step_size": ["tuned"], "device": ["cpu"]}

    def iterates(self, z):
        fit, H, size = self.fit, self.H, self.tuned("step_size")
        step = 1 / (loss_curvature(self.G, z, fit) / size + H.mu)
        while True:
            image, pull = decode(self.G, z)
            yield Iterate(z, image)
            z = z - step * (pull(fit.grad(image)) + H.grad(z))
