from benchmark_utils.latent import Iterate, LatentSolver, decode
from benchmark_utils.steps import loss_curvature

from unrolling.options import BELOW_ONE


class Solver(LatentSolver):
    """Heavy ball, z <- z + v with v <- momentum v - step (J(z)' grad L(G(z)) +
    grad H(z)).

    The step is relative, as that of GD. B. T. Polyak, Some methods of speeding
    up the convergence of iteration methods, USSR Comput. Math. Math. Phys.
    4(5), 1964, doi:10.1016/0041-5553(64)90137-5.
    """

    name = "Momentum-GD"
    parameters = {
        "step_size": ["tuned"], "momentum": [0.9], "device": ["cpu"]}
    ranges = {"momentum": BELOW_ONE}

    def iterates(self, z):
        fit, H, size = self.fit, self.H, self.tuned("step_size")
        step = 1 / (loss_curvature(self.G, z, fit) / size + H.mu)
        v = 0 * z
        while True:
            image, pull = decode(self.G, z)
            yield Iterate(z, image)
            v = self.momentum * v - step * (
                pull(fit.grad(image)) + H.grad(z))
            z = z + v
