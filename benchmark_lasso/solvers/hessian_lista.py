import torch

from unrolling.bench.solver import UnrolledSolver
from unrolling.lasso.network import LassoNetwork
from unrolling.transforms import SYMMETRIC


class HessianLISTA(LassoNetwork):
    """z <- ST(z - a_t H_t D'(Dz - x), a_t b_t), with learned a_t, H_t, b_t.

    H_t is symmetric. It plays an inverse Hessian, in whose metric the prox of
    the l1 norm is a soft-thresholding only if H_t is diagonal: with a
    positive diagonal and b_t = lmbd diag(H_t), every solution of the Lasso is
    a fixed point; any other H_t gives that up. As maps, and for D of full row
    rank, these are the coupled layers whose W_t = D H_t has W_t D' symmetric.
    """

    transforms = LassoNetwork.transforms | {"H": SYMMETRIC}

    def init_layer(self, t):
        n_atoms = self.D.shape[1]
        return {"step": 1 / self.L, "H": torch.eye(n_atoms),
                "threshold": [self.lmbd] * n_atoms}

    def layer(self, z, step, H, threshold):
        return self.proximal_step(
            z, self.residual(z) @ (self.D @ H), step, step * threshold)


class Solver(UnrolledSolver):
    """Hessian-LISTA: a learned symmetric preconditioner in each layer.

    The parametrisation `hessian` of adopty, the package of P. Ablin, T.
    Moreau, M. Massias and A. Gramfort, Learning step sizes for unfolded
    sparse coding, NeurIPS 2019, arXiv:1905.11071.
    """

    name = "Hessian-LISTA"
    network = HessianLISTA
