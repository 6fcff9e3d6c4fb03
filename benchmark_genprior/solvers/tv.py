import numpy as np
import torch
from benchmark_utils.inverse import LeastSquares
from benchmark_utils.latent import ImageSolver


class Solver(ImageSolver):
    """Total variation instead of a generator:

    min_w 1/2 ||A w - b||^2 + lmbd sum_pixels |nabla w|, with the length of
    both differences at a pixel (isotropic), by primal-dual iterations that
    minimise over w exactly:

    w_new <- prox of tau L at w - tau nabla'v, v <- v + sigma nabla (2 w_new -
    w), pixels cut to length lmbd. L. Rudin, S. Osher and E. Fatemi, Nonlinear
    total variation based noise removal algorithms, Physica D 60, 1992,
    doi:10.1016/0167-2789(92)90242-F; A. Chambolle and T. Pock, A first-order
    primal-dual algorithm, J. Math. Imaging Vis. 40, 2011,
    doi:10.1007/s10851-010-0251-1. The penalty, a share of ||A'b||_inf, is the
    best on training images, as that of Lasso.
    """

    name = "TV"
    parameters = {"n_iter": [300]}
    regs = tuple(10.0 ** -(1 + np.arange(9) / 2))

    def images(self, A, b, reg):
        A, b = (torch.as_tensor(v, dtype=torch.float64) for v in (A, b))
        fit, shape = LeastSquares(A, b), (-1, *self.problem["shape"])
        lmbd = reg * (b @ A).abs().amax(1).clamp(min=1e-12)[:, None, None]
        tau = sigma = 8**-0.5  # ||nabla||^2 <= 8
        w = b @ A / fit.curvature()
        v = torch.zeros(2, *w.view(shape).shape, dtype=w.dtype)
        for _ in range(self.n_iter):
            w_new = fit.prox(w - tau * adjoint(v).flatten(1), 1 / tau)
            v = v + sigma * gradient((2 * w_new - w).view(shape))
            v = v / (v.norm(dim=0) / lmbd).clamp(min=1)
            w = w_new
        return w.numpy()


def gradient(w):
    """Differences of images (n, height, width) down and to the right, 0 at
    the last row and column: (2, n, height, width)."""
    v = w.new_zeros(2, *w.shape)
    v[0, :, :-1] = w.diff(dim=1)
    v[1, :, :, :-1] = w.diff(dim=2)
    return v


def adjoint(v):
    """The transpose of `gradient`."""
    w = torch.zeros_like(v[0])
    w[:, :-1] -= v[0, :, :-1]
    w[:, 1:] += v[0, :, :-1]
    w[:, :, :-1] -= v[1, :, :, :-1]
    w[:, :, 1:] += v[1, :, :, :-1]
    return w
