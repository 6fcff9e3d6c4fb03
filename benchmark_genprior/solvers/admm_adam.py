from benchmark_utils.latent import Iterate, LatentSolver, decode
from benchmark_utils.penalty import Schedule

from unrolling.optimizers import Adam


class Solver(LatentSolver):
    """Exact ADMM whose z-step is one step of Adam, its moments kept.

    z <- z - Adam's step on 1/2 ||G(z) - w - dual/rho||^2; w, dual and penalty
    as in ADMM. F. Latorre, A. Eftekhari and V. Cevher, Fast and provable ADMM
    for learning with generative priors, NeurIPS 2019, arXiv:1907.03343; D. P.
    Kingma and J. Ba, Adam: a method for stochastic optimization, ICLR 2015,
    arXiv:1412.6980.
    """

    name = "ADMM-Adam"
    parameters = {
        "rho": ["tuned"], "step_size": ["tuned"],
        "beta_1, beta_2": [(0.9, 0.999)], "device": ["cpu"]}
    needs = {"proximal": "a loss whose prox is known"}
    splits = True

    def iterates(self, z):
        G, fit, t = self.G, self.fit, 0
        adam = Adam(self.beta_1, self.beta_2)
        image, pull = decode(G, z)
        w, dual = image, 0 * image
        penalty = Schedule(self.tuned("rho") * fit.unit(image))
        while True:
            yield Iterate(z, image, w)
            grad = pull(image - w - dual / penalty.rho)
            z = z + adam.move(grad, self.tuned("step_size"))
            image, pull = decode(G, z)
            w = fit.prox(image - dual / penalty.rho, penalty.rho)
            dual = dual + penalty.sigma * (w - image)
            penalty.update(t, (w - image).norm(dim=1, keepdim=True))
            t += 1
