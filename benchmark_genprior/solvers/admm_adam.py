from benchmark_utils.latent import Iterate, LatentSolver, decode
from benchmark_utils.penalty import Schedule

from unrolling.optimizers import Adam


class Solver(LatentSolver):
    """Exact ADMM whose z-step is one step of Adam, its moments kept.

    z <- z - Adam's step on 1/2 ||G(z) - w - dual/rho||^2 + H(z)/rho; w, dual
    and penalty as in ADMM. F. Latorre, A. Eftekhari and V. Cevher, Fast and
    provable ADMM for learning with generative priors, NeurIPS 2019,
    arXiv:1907.03343; D. P. Kingma and J. Ba, Adam: a method for stochastic
    optimization, ICLR 2015, arXiv:1412.6980.
    """

    name = "ADMM-Adam"
    parameters = {
        "rho": ["tuned"], "step_size": ["tuned"], "device": ["cpu"]}
    needs = {"proximal": "a loss whose prox is known"}
    splits = True

    def iterates(self, z):
        G, fit, H, t = self.G, self.fit, self.H, 0
        adam, step = Adam(), self.tuned("step_size")
        image, pull = decode(G, z)
        w, dual = image, 0 * image
        penalty = Schedule(self.tuned("rho") * fit.unit(image))
        while True:
            yield Iterate(z, image, w)
            rho = penalty.rho
            grad = pull(image - w - dual / rho) + H.grad(z) / rho
            z = z + adam.move(grad, step)
            image, pull = decode(G, z)
            w = fit.prox(image - dual / rho, rho)
            dual = dual + penalty.sigma * (w - image)
            penalty.update(t, (w - image).norm(dim=1, keepdim=True))
            t += 1
