from benchmark_utils.latent import Iterate, LatentSolver, decode
from benchmark_utils.steps import curvature

from unrolling.options import COUNT


class Solver(LatentSolver):
    """Projected gradient: w <- G(z) - grad L(G(z)) / ||A||^2, then `n_inner`
    steps of gradient descent on ||A||^2/2 ||G(z) - w||^2 + H(z).

    Without H this is the projection of w; up to a constant, the first term is
    the quadratic that lies above L and touches it where w was computed. An
    iteration is one inner step, which costs one of GD. V. Shah and C.
    Hegde, Solving linear inverse problems using GAN priors: an algorithm with
    provable guarantees, ICASSP 2018, arXiv:1802.08406.
    """

    name = "PGD"
    parameters = {
        "step_size": ["tuned"], "n_inner": [20], "device": ["cpu"]}
    ranges = {"n_inner": COUNT}
    needs = {"smooth": "a smooth loss"}

    def iterates(self, z):
        fit, H, size = self.fit, self.H, self.tuned("step_size")
        L = fit.curvature()
        step = 1 / (curvature(self.G, z) / size + H.mu / L)
        while True:
            for k in range(self.n_inner):
                image, pull = decode(self.G, z)
                yield Iterate(z, image)
                if k == 0:
                    w = image - fit.grad(image) / L
                z = z - step * (pull(image - w) + H.grad(z) / L)
