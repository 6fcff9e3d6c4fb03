import torch
from benchmark_utils.layer_training import LayerSolver

from unrolling.options import COUNT, POSITIVE, or_tuned


class Solver(LayerSolver):
    """The score function of a randomly perturbed layer.

    dw = mean of <x*(w + sigma u) - x*(w - sigma u), dx> u / (2 sigma), over
    n_draws normal u: the derivative of E x*(w + sigma u), estimated with
    antithetic draws. Q. Berthet et al., Learning with differentiable perturbed
    optimizers, NeurIPS 2020, arXiv:2002.08676.
    """

    name = "Random-smoothing"
    parameters = {
        "sigma": ["tuned"], "n_draws": [5], "step_size": ["tuned"],
        "optimizer": ["gd"],
    }
    ranges = {"sigma": or_tuned(POSITIVE), "n_draws": COUNT}
    hyper = "sigma"

    def unfit(self, layer, loss):
        if not layer.free_inputs:
            return ("Random-smoothing needs a layer that is defined for every "
                    f"w, got {type(layer).__name__}, whose weights must be "
                    "positive")
        return None

    def prepare(self):
        self.rng = torch.Generator().manual_seed(self.get_seed())

    def pullback(self, w, here, dx):
        dw, sigma = torch.zeros_like(w), self.hyper_value
        for _ in range(self.n_draws):
            u = torch.randn(w.shape, generator=self.rng, dtype=w.dtype)
            above, below = (self.solve(v, start=here.x).x for v in (
                w + sigma * u, w - sigma * u))
            dw += ((above - below) * dx).sum(1, keepdim=True) * u / (2 * sigma)
        return dw / self.n_draws
