"""Networks whose prox is a network: LISTA on the jumps of the signal."""
import torch

from benchmark_utils.tv import diff
from unrolling.prox import prox_tv, soft_threshold
from unrolling.transforms import POSITIVE
from unrolling.tv.network import TVNetwork

LEARN_PROX = ["none", "global", "per-layer"]
"""Inner networks: untrained; one for all layers; one for each."""


class InnerProxNetwork(TVNetwork):
    """Base of networks with an inner prox; subclasses have `prox_of`.

    The prox of t ||nabla .||_1 at v is the Lasso min_z 1/2 ||v - S z||^2 + t
    ||z||_1 in the jumps z, the first of which is not penalised, for cumulated
    sums S. An inner layer is z <- ST(W_z z + W_x v, c t / ||S||^2). Untrained
    it is an iteration of ISTA: W_z = I - S'S / ||S||^2, W_x = S' / ||S||^2,
    and c = 1. The first inner layer starts from the jumps of v.

    Parameters
    ----------
    A, lmbd, start_map : as for TVNetwork
    n_inner : int
        Inner layers.
    learn_prox : {"none", "global", "per-layer"}
    """

    unrolls = None
    transforms = TVNetwork.transforms | {"prox_threshold": POSITIVE}

    def __init__(self, A, lmbd, n_inner, learn_prox, start_map=None):
        super().__init__(A, lmbd, start_map)
        self.n_inner, self.learn_prox = n_inner, learn_prox
        n_times = self.A.shape[1]
        sums = torch.ones(n_times, n_times, dtype=torch.float64).tril()
        identity = torch.eye(n_times, dtype=torch.float64)
        step = torch.linalg.matrix_norm(sums, ord=2).item() ** -2
        self.W_z = identity - step * sums.T @ sums
        self.W_x = step * sums  # samples are rows: this is S' of v
        self.steps = torch.full((n_times,), step, dtype=torch.float64)
        self.steps[0] = 0  # of the penalty: the first jump has none

    @property
    def problem(self):
        return super().problem | {
            "n_inner": self.n_inner, "learn_prox": self.learn_prox}

    def inner_layers(self):
        """W_z and W_x, (n_inner, n_times, n_times), and c, (n_inner,), of the
        untrained inner layers; samples are rows."""
        n = self.n_inner
        return {"prox_W_z": self.W_z.repeat(n, 1, 1),
                "prox_W_x": self.W_x.repeat(n, 1, 1),
                "prox_threshold": self.steps.new_ones(n)}

    def init_shared(self):
        return self.inner_layers() if self.learn_prox == "global" else {}

    def init_layer(self, t):
        return self.inner_layers() if self.learn_prox == "per-layer" else {}

    def prox_of(self, u, **parameters):
        """The point v and the t of a layer's prox, whose outer point is u."""
        raise NotImplementedError(f"{type(self).__name__}.prox_of")

    def inner_prox(self, v, t, **inner):
        """What the inner layers, by default the untrained ones, make of the
        prox of t ||nabla .||_1 at v."""
        z = torch.hstack([v[:, :1], diff(v)])
        inner = inner or self.inner_layers()
        for W_z, W_x, c in zip(
                inner["prox_W_z"], inner["prox_W_x"], inner["prox_threshold"],
                strict=True):
            z = soft_threshold(z @ W_z + v @ W_x, c * t * self.steps)
        return z.cumsum(dim=1)

    @torch.no_grad()
    def layer_metrics(self, x, at_solutions=False):
        """Mean of ||inner prox - prox|| / ||prox|| in each layer."""
        network, errors = self.copy(), []
        points = list(network.points(x))
        for parameters, u, after in zip(
                self.layers, points, points[1:], strict=False):
            outer = {k: v for k, v in (self.shared | parameters).items()
                     if not k.startswith("prox_")}
            exact = prox_tv(*network.prox_of(u, **outer))
            errors.append(((after - exact).norm(dim=1)
                           / exact.norm(dim=1)).mean().item())
        return {"prox_error": errors}
