import copy

import torch
from benchmark_utils.latent import Iterate, LatentSolver


class Solver(LatentSolver):
    """Projected gradient whose projection is a network: the encoder E of the
    autoencoder that G is the decoder of.

    z <- E(w), w = G(z) - grad L(G(z)) / ||A||^2. An iteration evaluates both
    networks, and needs no derivative of either; restarts do not help, since
    all start at E(A'b / ||A||^2). A. Raj, Y. Li and Y. Bresler, GAN-based
    projector for faster recovery with convergence guarantees in linear
    inverse problems, ICCV 2019, arXiv:1902.09698, who train a projector for
    the purpose.
    """

    name = "NPGD"
    parameters = {"device": ["cpu"]}
    test_config = {"dataset": {"name": "Digits"}}
    needs = {"smooth": "a smooth loss", "proximal": "a linear operator"}

    def refusal(self, encoder, mu, **problem):
        if encoder is None:
            return ("NPGD needs the encoder of the generator, got none: use "
                    "training=vae")
        if mu:
            return (f"NPGD needs mu=0, got mu={mu}: its projection is a "
                    "network that knows of no H")
        return super().refusal(**problem)

    @torch.no_grad()
    def iterates(self, z):
        E = copy.deepcopy(self.problem["encoder"]).to(z.device)
        fit, L = self.fit, self.fit.curvature()
        w = fit.b @ fit.A / L
        yield Iterate(z, self.G(z))
        while True:
            z = E(w)
            image = self.G(z)
            yield Iterate(z, image)
            w = image - fit.grad(image) / L
