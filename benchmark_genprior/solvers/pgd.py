from benchmark_utils.latent import Iterate, LatentSolver, decode
from benchmark_utils.steps import curvature


class Solver(LatentSolver):
    """Projected gradient: w <- G(z) - grad L(G(z)) / ||A||^2, then `n_inner`
    steps of gradient descent on 1/2 ||G(z) - w||^2, its projection.

    An iteration is one inner step, which costs one of GD. V. Shah and C.
    Hegde, Solving linear inverse problems using GAN priors: an algorithm with
    provable guarantees, ICASSP 2018, arXiv:1802.08406.
    """

    name = "PGD"
    parameters = {
        "step_size": ["tuned"], "n_inner": [20], "device": ["cpu"]}
    needs = {"smooth": "a smooth loss"}

    def iterates(self, z):
        step = self.tuned("step_size") / curvature(self.G, z)
        L = self.fit.curvature()
        while True:
            for k in range(self.n_inner):
                image, pull = decode(self.G, z)
                yield Iterate(z, image)
                if k == 0:
                    w = image - self.fit.grad(image) / L
                z = z - step * pull(image - w)
