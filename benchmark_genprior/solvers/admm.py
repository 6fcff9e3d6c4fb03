import torch
from benchmark_utils.latent import Iterate, LatentSolver, decode
from benchmark_utils.penalty import Schedule
from benchmark_utils.steps import curvature


class Solver(LatentSolver):
    """ADMM that minimises over w exactly, with a growing penalty.

    z <- z - step (J'(G(z) - w - dual/rho) + grad H(z)/rho), w <- prox of L/rho
    at G(z) - dual/rho, dual <- dual + sigma (w - G(z)). For least squares the
    prox uses one decomposition of A; for l_1 and l_inf it is a shrinkage and,
    by Moreau's identity, a projection. F. Latorre, A. Eftekhari and V. Cevher,
    Fast and provable ADMM for learning with generative priors, NeurIPS 2019,
    arXiv:1907.03343, Algorithm 2. rho and the step are relative, see
    `benchmark_utils.tuned`. With initial=encoder, the first restart of each
    image starts at what the generator's encoder says of the least-norm
    solution A^+ b.
    """

    name = "ADMM"
    parameters = {
        "rho": ["tuned"], "step_size": ["tuned"], "initial": ["normal"],
        "device": ["cpu"]}
    needs = {"proximal": "a loss whose prox is known"}
    splits = True

    def refusal(self, encoder, **problem):
        if self.initial not in ("normal", "encoder"):
            return ("initial must be normal or encoder, got "
                    f"initial={self.initial}")
        if self.initial == "encoder" and encoder is None:
            return ("initial=encoder needs the generator's encoder, got none: "
                    "use training=vae")
        return super().refusal(**problem)

    def start(self):
        z = super().start().copy()
        if self.initial == "encoder":
            A, b = (torch.as_tensor(v).float() for v in (
                self.A, self.problem["b_images"]))
            guess = self.problem["encoder"](b @ torch.linalg.pinv(A).T)
            z[::len(z) // len(guess)] = guess.numpy()
        return z

    def iterates(self, z):
        G, fit, H, t = self.G, self.fit, self.H, 0
        c = curvature(G, z) / self.tuned("step_size")
        image, pull = decode(G, z)
        w, dual = image, 0 * image
        penalty = Schedule(self.tuned("rho") * fit.unit(image))
        while True:
            yield Iterate(z, image, w)
            rho = penalty.rho
            step = 1 / (c + H.mu / rho)
            z = z - step * (pull(image - w - dual / rho) + H.grad(z) / rho)
            image, pull = decode(G, z)
            w = fit.prox(image - dual / rho, rho)
            dual = dual + penalty.sigma * (w - image)
            penalty.update(t, (w - image).norm(dim=1, keepdim=True))
            t += 1
