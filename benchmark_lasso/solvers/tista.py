import torch

from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork
from unrolling.transforms import POSITIVE


class TISTA(LassoNetwork):
    """r = z - a_t (Dz - x)'W, then the MMSE estimate of the code from r.

    W' is the pseudo-inverse of D. The model: codes that are zero, or normal
    with a variance, their `odds` to be nonzero : zero; white noise on x. So
    the error of z has the variance v2 that ||Dz - x||^2 shows, that of r is
    tau2, and the estimate is the posterior mean given normal errors.

    The paper knows the noise, the variance and the odds. Here each layer
    learns its own, from 1e-3, 1 (a code of one atom, as ||D'x||_inf = 1) and
    0.1, beside the step from 1. Untrained this is no proximal gradient step
    and does not know lmbd: the method is made for loss=supervised.
    """

    unrolls = None

    transforms = LassoNetwork.transforms | {
        "noise": POSITIVE, "variance": POSITIVE, "odds": POSITIVE}

    def __init__(self, D, lmbd):
        super().__init__(D, lmbd)
        self.W = torch.linalg.pinv(self.D).mT.contiguous()
        self.rank = (self.W * self.D).sum().item()

    def init_layer(self, t):
        return {"step": 1.0, "noise": 1e-3, "variance": 1.0, "odds": 0.1}

    def layer(self, z, step, noise, variance, odds):
        n_dim, n_atoms = self.D.shape
        r = z - step * (self.residual(z) @ self.W)
        error = (self.residual(z) ** 2).sum(dim=1, keepdim=True)
        v2 = ((error - n_dim * noise) / (self.D**2).sum()).clamp(min=1e-9)
        tau2 = (v2 * (n_atoms + (step**2 - 2 * step) * self.rank)
                + step**2 * noise * (self.W**2).sum()) / n_atoms
        total = variance + tau2
        log_odds = odds.log() + 0.5 * (
            (tau2 / total).log() + r**2 * (1 / tau2 - 1 / total))
        return r * (variance / total) * log_odds.sigmoid()


class Solver(UnrolledSolver):
    """TISTA: MMSE shrinkage at the estimated error, and learned steps.

    D. Ito, S. Takabe and T. Wadayama, Trainable ISTA for sparse signal
    recovery, IEEE Trans. Signal Process. 67(12), 2019, arXiv:1801.01978.
    """

    name = "TISTA"
    network = TISTA
