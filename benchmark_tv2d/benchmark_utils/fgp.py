"""The fast gradient projection: TV denoising by accelerated dual steps.

A. Beck and M. Teboulle, Fast gradient-based algorithms for constrained total
variation image denoising and deblurring problems, IEEE Trans. Image Process.
18(11), 2009, doi:10.1109/TIP.2009.2028250, section 4.
"""
from itertools import islice

from unrolling.differences import nabla, nabla_adjoint, nabla_norm2, project
from unrolling.momentum import Momentum


def fgp(v, t, isotropic, p=None, accelerated=True, restart=True):
    """Dual points of min_u 1/2 ||v - u||^2 + t TV(u), without an end.

    u = v - nabla'p, with |p| <= t at each pixel: p <- projection of p + nabla
    u / ||nabla||^2, with momentum or without.

    Parameters
    ----------
    v : ndarray or Tensor, shape (n_samples, height, width)
    t : float
    isotropic : bool
    p : as nabla(v), or None
        The start: zero, or the dual point of a problem nearby.
    accelerated : bool
    restart : bool
        Whether the momentum restarts where it points uphill.

    Yields
    ------
    p (n_samples, 2, height, width), the start first.
    """
    p = 0 * nabla(v) if p is None else project(p, t, isotropic)
    step, flat = 1 / nabla_norm2(*v.shape[1:]), (len(v), -1)
    y, momentum = p, Momentum(p.reshape(flat), restart)
    while True:
        yield p
        p = project(y + step * nabla(v - nabla_adjoint(y)), t, isotropic)
        y = p if not accelerated else momentum(
            y.reshape(flat), p.reshape(flat)).reshape(p.shape)


def prox_tv2d(v, t, isotropic, n_steps, p=None):
    """The prox of t TV at v after so many steps from p, and the dual point."""
    p = next(islice(fgp(v, t, isotropic, p), n_steps, None))
    return v - nabla_adjoint(p), p
