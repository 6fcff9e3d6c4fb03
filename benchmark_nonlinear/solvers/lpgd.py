import torch
from benchmark_utils.convolutions import Convolutions
from benchmark_utils.unrolled_nonlinear import (
    UnrolledNonlinearSolver,
    UnrolledPhysics,
)


class LPGD(UnrolledPhysics):
    """Learned proximal gradient: f <- f + C_t(f, v), where (v, s) = memory(g,
    s) of the gradient g = J(f)' (y - K(f)), and C_t convolutions."""

    def init_layer(self, K, width):
        return Convolutions(K.x_edges, K.n_x, 2, 1, width)

    def iterates(self, f, y):
        state = None
        yield f
        for C in self.blocks:
            g = self.physics.gradient(f, y)
            v, state = self.memory(g, state)
            f = f + C(torch.stack([f, v], dim=1))[:, 0]
            yield f


class Solver(UnrolledNonlinearSolver):
    """Learned proximal gradient descent, with recurrent momentum or without.

    Q. Zhou, J. Qian, J. Tang and J. Li, Deep unrolling networks with recurrent
    momentum acceleration for nonlinear inverse problems, Inverse Problems
    40(5), 2024, arXiv:2307.16120.
    """

    name = "LPGD"
    network = LPGD
