import torch
from benchmark_utils.hyper import coherence, search, symmetric_weights

from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork
from unrolling.prox import soft_threshold


class HyperLISTA(LassoNetwork):
    """z <- ST_p(z - W'(Dz - x) + m (z - z_old), b), with three numbers c.

    For each sample, b = c_1 mu ||D^+ (Dz - x)||_1, m = c_2 mu ||z||_0 and p =
    c_3 log(||D^+ x||_1 / ||D^+ (Dz - x)||_1): ST_p leaves the p largest
    entries above the threshold b as they are. mu is the largest |w_i'd_j|,
    i != j, of the symmetric weights W. A point is (z, z_old, ||D^+ x||_1).
    """

    unrolls = None

    def __init__(self, D, lmbd):
        super().__init__(D, lmbd)
        self.W = symmetric_weights(self.D)
        self.D_pinv = torch.linalg.pinv(self.D)
        self.mu = coherence(self.W, self.D)

    def start(self):
        z = super().start()
        return z, z, l1(self.x @ self.D_pinv.T)

    def init_layer(self, t):
        return {}

    def init_shared(self):
        return {"c_1": 0.1, "c_2": 0.03, "c_3": 3.0}

    def layer(self, point, c_1, c_2, c_3):
        z, z_old, first = point
        residual = self.residual(z)
        error = l1(residual @ self.D_pinv.T)
        m = c_2 * self.mu * (z != 0).sum(dim=1, keepdim=True)
        p = c_3 * (first / error.clamp(min=1e-30)).log()
        v = z - residual @ self.W + m * (z - z_old)
        z_new = soft_threshold(v, c_1 * self.mu * error)
        rank = v.detach().abs().argsort(dim=1, descending=True).argsort(dim=1)
        z_new = torch.where((z_new != 0) & (rank < p), v, z_new)
        return z_new, z, first


def l1(v):
    """||.||_1 of each row, (n_samples, 1)."""
    return v.abs().sum(dim=1, keepdim=True)


class Solver(UnrolledSolver):
    """HyperLISTA: three numbers, by a random search on training problems.

    X. Chen, J. Liu, Z. Wang and W. Yin, Hyperparameter tuning is all you need
    for LISTA, NeurIPS 2021, arXiv:2110.15900. The search looks at the loss
    alone, since that has no derivative in c_3. Its default loss, that of all
    networks here, is the Lasso's cost; it is made for loss=supervised.
    """

    name = "HyperLISTA"
    network = HyperLISTA

    def refusal(self, **problem):
        if self.descent_steps:
            return ("HyperLISTA is tuned by a search, not by descent: use "
                    "descent_steps=0")
        if self.loss == "semi-supervised":
            return ("HyperLISTA recovers codes, not solutions of the Lasso: "
                    "use loss=supervised or loss=unsupervised")
        return super().refusal(**problem)

    def trained_weights(self, n_layers):
        if self.loss == "none" or n_layers == 0:
            return super().trained_weights(n_layers)
        return self.cached([n_layers], n_layers, lambda: self.no_layers)

    def train(self, network, n_layers):
        return search(network.grow(n_layers), *self.samples, seed=self.seed)
