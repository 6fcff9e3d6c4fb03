import numpy as np
import torch

from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork
from unrolling.prox import soft_threshold


class LISTACPSS(LassoNetwork):
    """v = z - a_t (Dz - x)'W_t, z <- ST(v, a_t b_t) or v on what is trusted.

    Learned are a_t, W_t and b_t. Trusted are the n entries of v largest by
    magnitude, where they exceed their threshold; n is a share of 1.2 (t + 1)
    % of the atoms in layer t, at most 12 %. Untrained this is ISTA with that
    support selection: a solution of the Lasso, whose entries are shrunk, is
    no fixed point unless n = 0. A point is (z, t).
    """

    unrolls = None

    share, max_share = 0.012, 0.12

    def start(self):
        return super().start(), 0

    def init_layer(self, t):
        n_atoms = self.D.shape[1]
        return {"step": 1 / self.L, "W": self.D,
                "threshold": [self.lmbd] * n_atoms}

    def layer(self, point, step, W, threshold):
        z, t = point
        v = z - step * (self.residual(z) @ W)
        z = soft_threshold(v, step * threshold)
        share = min(self.share * (t + 1), self.max_share)
        n_trusted = round(share * self.D.shape[1])
        if n_trusted:
            least = kth_largest(v.detach().abs(), n_trusted)
            z = torch.where((v.abs() >= least) & (z != 0), v, z)
        return z, t + 1


def kth_largest(v, k):
    """The k-th largest entry of each row, (n_samples, 1)."""
    if v.device.type == "cpu":  # 20 times as fast there
        return torch.as_tensor(np.partition(v, -k, axis=1)[:, -k, None])
    return v.topk(k).values[:, -1:]


class Solver(UnrolledSolver):
    """LISTA with coupled weights and support selection.

    X. Chen, J. Liu, Z. Wang and W. Yin, Theoretical linear convergence of
    unfolded ISTA and its practical weights and thresholds, NeurIPS 2018,
    arXiv:1808.10038.
    """

    name = "LISTA-CPSS"
    network = LISTACPSS
