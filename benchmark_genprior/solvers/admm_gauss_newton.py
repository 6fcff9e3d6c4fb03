import torch
from benchmark_utils.latent import Iterate, LatentSolver
from benchmark_utils.penalty import Schedule
from benchmark_utils.steps import damped_newton, jacobian


class Solver(LatentSolver):
    """Exact ADMM whose z-step is one damped Gauss-Newton step.

    z <- z - (J'J + mu I)^-1 J' (G(z) - w - dual/rho), with mu a third after a
    step that lowers ||G(z) - w - dual/rho||, and else three times as large;
    w, dual and penalty as in ADMM. F. Latorre, A. Eftekhari and V. Cevher,
    Fast and provable ADMM for learning with generative priors, NeurIPS 2019,
    arXiv:1907.03343; D. W. Marquardt, doi:10.1137/0111030.
    """

    name = "ADMM-Gauss-Newton"
    parameters = {"rho": ["tuned"], "damping": [0.1], "device": ["cpu"]}
    needs = {"proximal": "a loss whose prox is known"}
    splits = True

    @torch.no_grad()
    def iterates(self, z):
        G, fit, t = self.G, self.fit, 0
        image = G(z)
        w, dual, mu = image, 0 * image, 0 * z[:, :1] + self.damping
        penalty = Schedule(self.tuned("rho") * fit.unit(image))
        while True:
            yield Iterate(z, image, w)
            target, J = w + dual / penalty.rho, jacobian(G, z)
            grad = (J.mT @ (image - target)[..., None])[..., 0]
            trial = z + damped_newton(J, grad, mu)
            trial_image = G(trial)
            better = ((trial_image - target).norm(dim=1, keepdim=True)
                      < (image - target).norm(dim=1, keepdim=True))
            z = torch.where(better, trial, z)
            image = torch.where(better, trial_image, image)
            mu = torch.where(better, mu / 3, mu * 3).clamp(1e-6, 1e9)
            w = fit.prox(image - dual / penalty.rho, penalty.rho)
            dual = dual + penalty.sigma * (w - image)
            penalty.update(t, (w - image).norm(dim=1, keepdim=True))
            t += 1
