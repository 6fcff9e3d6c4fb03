"""Networks whose prox is a network: LISTA on the jumps of the signal."""
import torch

from benchmark_utils.tv import diff
from unrolling.prox import prox_tv, soft_threshold
from unrolling.tv.network import TVNetwork

LEARN_PROX = ["none", "global", "per-layer"]
"""Inner networks: untrained; one for all layers; one for each."""


class InnerProxNetwork(TVNetwork):
    """Base of networks with an inner prox; subclasses have `prox_of`.

    The prox of t ||nabla .||_1 at v is the Lasso min_z 1/2 ||v - L z||^2 + t
    ||z||_1 in the jumps z, the first of which is not penalised, for cumulated
    sums L. An inner layer is z <- ST(z - W'(L z - v) / ||L||^2, t / ||L||^2),
    with W = L if untrained. It starts from the jumps of the outer point.

    Parameters
    ----------
    A, lmbd : as for TVNetwork
    n_inner : int
        Inner layers.
    learn_prox : {"none", "global", "per-layer"}
    """

    unrolls = None

    def __init__(self, A, lmbd, n_inner, learn_prox):
        super().__init__(A, lmbd)
        self.n_inner, self.learn_prox = n_inner, learn_prox
        n_times = self.A.shape[1]
        self.sums = torch.ones(n_times, n_times, dtype=torch.float64).tril()
        self.norm2 = torch.linalg.matrix_norm(self.sums, ord=2).item() ** 2
        self.penalised = torch.ones(n_times, dtype=torch.float64)
        self.penalised[0] = 0

    @property
    def problem(self):
        return super().problem | {
            "n_inner": self.n_inner, "learn_prox": self.learn_prox}

    def inner_weights(self):
        """W of each inner layer, (n_inner, n_times, n_times), untrained."""
        return self.sums.repeat(self.n_inner, 1, 1)

    def init_shared(self):
        return ({"prox": self.inner_weights()}
                if self.learn_prox == "global" else {})

    def init_layer(self, t):
        return ({"prox": self.inner_weights()}
                if self.learn_prox == "per-layer" else {})

    def prox_of(self, u, **parameters):
        """The point v and the t of a layer's prox, whose outer point is u."""
        raise NotImplementedError(f"{type(self).__name__}.prox_of")

    def inner_prox(self, v, t, u, weights=None):
        """What the inner layers make of the prox of t ||nabla .||_1 at v."""
        z = torch.hstack([u[:, :1], diff(u)])
        t = t * self.penalised / self.norm2
        for n in range(self.n_inner):
            W = self.sums if weights is None else weights[n]
            direction = (z.cumsum(dim=1) - v) @ W
            z = soft_threshold(z - direction / self.norm2, t)
        return z.cumsum(dim=1)

    @torch.no_grad()
    def layer_metrics(self, x, at_solutions=False):
        """Mean of ||inner prox - prox|| / ||prox|| in each layer."""
        network, errors = self.copy(), []
        points = list(network.points(x))
        for parameters, u, after in zip(
                self.layers, points, points[1:], strict=False):
            outer = {k: v for k, v in (self.shared | parameters).items()
                     if k != "prox"}
            exact = prox_tv(*network.prox_of(u, **outer))
            errors.append(((after - exact).norm(dim=1)
                           / exact.norm(dim=1)).mean().item())
        return {"prox_error": errors}
