from benchmark_utils.latent import Iterate, LatentSolver, decode
from benchmark_utils.penalty import Schedule
from benchmark_utils.steps import curvature


class Solver(LatentSolver):
    """Linearised ADMM, a gradient step on the augmented Lagrangian in z and
    one in w, followed by the prox of R, then in the dual.

    F. Latorre, A. Eftekhari and V. Cevher, Fast and provable ADMM for learning
    with generative priors, NeurIPS 2019, arXiv:1907.03343, Algorithm 1. rho is
    relative to the mean curvature of L, the step in z to that of G; both
    penalties change as those of exact ADMM do.
    """

    name = "Linear-ADMM"
    parameters = {
        "rho": ["tuned"], "step_size": ["tuned"], "device": ["cpu"]}
    needs = {"smooth": "a smooth loss"}
    splits = True

    def iterates(self, z):
        G, fit, H, t = self.G, self.fit, self.H, 0
        c, L = curvature(G, z) / self.tuned("step_size"), fit.curvature()
        image, pull = decode(G, z)
        w, dual = image, 0 * image
        penalty = Schedule(self.tuned("rho") * fit.unit(image))
        while True:
            yield Iterate(z, image, w)
            rho = penalty.rho
            step = 1 / (c + H.mu / rho)
            z = z - step * (pull(image - w - dual / rho) + H.grad(z) / rho)
            image, pull = decode(G, z)
            w = (L * w - fit.loss.grad(w) + rho * image - dual) / (L + rho)
            w = fit.shrink(w, L + rho)
            dual = dual + penalty.sigma * (w - image)
            penalty.update(t, (w - image).norm(dim=1, keepdim=True))
            t += 1
