import torch
from benchmark_utils.latent import Iterate, LatentSolver
from benchmark_utils.penalty import Schedule
from benchmark_utils.steps import DAMPING, damped_newton, jacobian


class Solver(LatentSolver):
    """Exact ADMM whose z-step is one damped Gauss-Newton step.

    z <- z - (J'J + (mu/rho + damping) I)^-1 (J' (G(z) - w - dual/rho) + mu/rho
    z), with a third of the damping after a step that lowers 1/2 ||G(z) - w -
    dual/rho||^2 + H(z)/rho, and else three times as much; w, dual and penalty
    as in ADMM. F. Latorre, A. Eftekhari and V. Cevher, Fast and provable ADMM
    for learning with generative priors, NeurIPS 2019, arXiv:1907.03343; D. W.
    Marquardt, doi:10.1137/0111030.
    """

    name = "ADMM-Gauss-Newton"
    parameters = {"rho": ["tuned"], "device": ["cpu"]}
    needs = {"proximal": "a loss whose prox is known"}
    splits = True

    @torch.no_grad()
    def iterates(self, z):
        G, fit, H, t = self.G, self.fit, self.H, 0
        image, damping = G(z), torch.full_like(z[:, :1], DAMPING)
        w, dual = image, 0 * image
        penalty = Schedule(self.tuned("rho") * fit.unit(image))
        while True:
            yield Iterate(z, image, w)
            rho = penalty.rho
            target, J = w + dual / rho, jacobian(G, z)
            grad = (J.mT @ (image - target)[..., None])[..., 0] + (
                H.grad(z) / rho)
            trial = z + damped_newton(J, grad, H.mu / rho + damping)
            trial_image = G(trial)
            better = (distance(trial_image, target, H.error(trial), rho)
                      < distance(image, target, H.error(z), rho))
            z = torch.where(better, trial, z)
            image = torch.where(better, trial_image, image)
            damping = torch.where(
                better, damping / 3, damping * 3).clamp(1e-6, 1e9)
            w = fit.prox(image - dual / rho, rho)
            dual = dual + penalty.sigma * (w - image)
            penalty.update(t, (w - image).norm(dim=1, keepdim=True))
            t += 1


def distance(image, target, H, rho):
    """1/2 ||image - target||^2 + H/rho of each problem, (n_problems, 1)."""
    return ((image - target) ** 2).sum(1, keepdim=True) / 2 + (
        H[:, None] / rho)
