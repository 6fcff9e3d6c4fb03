import numpy as np
import torch
from benchmark_utils.inverse import LeastSquares
from benchmark_utils.latent import ImageSolver

from unrolling.differences import (
    nabla,
    nabla_adjoint,
    nabla_norm2,
    project,
)

RATIO = 1.0
"""sigma / lmbd. The dual variable has the size of lmbd and pixels that of 1,
so that steps in this ratio suit all penalties."""


class Solver(ImageSolver):
    """Total variation instead of a generator:

    min_w 1/2 ||A w - b||^2 + lmbd sum_pixels |nabla w|, with the length of
    both differences at a pixel (isotropic), by primal-dual iterations that
    minimise over w exactly:

    w_new <- prox of tau L at w - tau nabla'v, v <- v + sigma nabla (2 w_new -
    w), pixels cut to length lmbd. tau sigma = 1 / ||nabla||^2, and sigma is in
    proportion to lmbd, as v is. L. Rudin, S. Osher and E. Fatemi, Nonlinear
    total variation based noise removal algorithms, Physica D 60, 1992,
    doi:10.1016/0167-2789(92)90242-F; A. Chambolle and T. Pock, A first-order
    primal-dual algorithm, J. Math. Imaging Vis. 40, 2011,
    doi:10.1007/s10851-010-0251-1. The penalty, a share of ||A'b||_inf, is the
    best on training images, as that of Lasso.
    """

    name = "TV"
    n_iter = 1000
    regs = tuple(np.geomspace(1, 1e-5, 16))

    def images(self, A, b, reg):
        A, b = (torch.as_tensor(v, dtype=torch.float64) for v in (A, b))
        fit, shape = LeastSquares(A, b), (-1, *self.problem["shape"])
        lmbd = reg * (b @ A).abs().amax(1, keepdim=True).clamp(min=1e-12)
        radius = lmbd.view(-1, 1, 1, 1)
        sigma = RATIO * radius
        tau = 1 / (nabla_norm2(*shape[1:]) * RATIO * lmbd)
        w = b @ A / fit.curvature()
        v = 0 * nabla(w.view(shape))
        for _ in range(self.n_iter):
            w_new = fit.prox(w - tau * nabla_adjoint(v).flatten(1), 1 / tau)
            v = project(v + sigma * nabla((2 * w_new - w).view(shape)),
                        radius, isotropic=True)
            w = w_new
        return w.numpy()
