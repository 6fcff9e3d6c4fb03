import torch
from benchmark_utils.convolutions import Convolutions, xavier
from benchmark_utils.unrolled_nonlinear import (
    UnrolledNonlinearSolver,
    UnrolledPhysics,
)
from torch import nn

CHANNELS = 5
"""Copies of the primal and of the dual variable that layers see."""


class LPD(UnrolledPhysics):
    """Learned primal-dual: h <- h + D_t(h, K(f_1), y), then f <- f + P_t(f,
    v) with (v, s) = memory(g, s) of g = J(f_0)' h_0; P_t and D_t are
    convolutions, f and h have CHANNELS each, and the output is f_0. Weights
    are drawn as in the paper of Adler and Oktem."""

    def init_layer(self, K, width):
        layer = nn.ModuleDict({
            "dual": Convolutions(
                K.y_edges, K.n_y, CHANNELS + 2, CHANNELS, width),
            "primal": Convolutions(
                K.x_edges, K.n_x, CHANNELS + 1, CHANNELS, width)})
        return layer.apply(xavier)

    def iterates(self, f, y):
        f = f[:, None].repeat(1, CHANNELS, 1)
        h, state = f.new_zeros(len(y), CHANNELS, y.shape[1]), None
        data = self.physics.encode_data(y)
        yield f[:, 0]
        for block in self.blocks:
            value = self.physics.value(f[:, 1])
            h = h + block["dual"](torch.cat(
                [h, torch.stack([value, data], dim=1)], dim=1))
            g = self.physics.pull(f[:, 0], h[:, 0])
            v, state = self.memory(g, state)
            f = f + block["primal"](torch.cat([f, v[:, None]], dim=1))
            yield f[:, 0]


class Solver(UnrolledNonlinearSolver):
    """Learned primal-dual, with recurrent momentum or without.

    J. Adler and O. Oktem, Learned primal-dual reconstruction, IEEE Trans. Med.
    Imaging 37(6), 2018, doi:10.1109/TMI.2018.2799231, for nonlinear K and with
    momentum as in Q. Zhou, J. Qian, J. Tang and J. Li, arXiv:2307.16120.
    """

    name = "LPD"
    network = LPD
