import torch

from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork
from unrolling.transforms import ORTHOGONAL, POSITIVE


class FacNet(LassoNetwork):
    """z <- A_t'ST(A_t z - a_t s_t A_t D'(Dz - x), a_t s_t lmbd).

    Learned are steps a_t, vectors s_t and orthogonal matrices A_t, such that
    A_t'diag(1/(a_t s_t))A_t approximates D'D while A_t hardly changes the l1
    norm. The paper penalises ||A'A - I||; here A_t is orthogonal by its
    parametrisation. Untrained, A_t = I and s_t = 1: ISTA.
    """

    transforms = LassoNetwork.transforms | {
        "A": ORTHOGONAL, "scale": POSITIVE}

    def init_layer(self, t):
        n_atoms = self.D.shape[1]
        return {"step": 1 / self.L, "A": torch.eye(n_atoms),
                "scale": [1.0] * n_atoms}

    def layer(self, z, step, A, scale):
        step = step * scale
        return self.proximal_step(
            z @ A.mT, self.residual(z) @ (self.D @ A.mT), step,
            step * self.lmbd) @ A


class Solver(UnrolledSolver):
    """FacNet: proximal steps on learned factorisations A'SA of D'D.

    T. Moreau and J. Bruna, Understanding trainable sparse coding via matrix
    factorization, ICLR 2017, arXiv:1609.00285.
    """

    name = "FacNet"
    network = FacNet
