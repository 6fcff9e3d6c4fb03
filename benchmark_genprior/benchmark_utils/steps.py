"""Derivatives of generators, and step sizes from their curvature."""
import warnings

import torch
from torch.func import jvp

from benchmark_utils.latent import decode

COLUMNS = 2048
"""Columns of Jacobians that are computed together, which bounds memory."""
DAMPING = 0.1
"""Of the first step of Gauss-Newton methods, which adapt it."""
N_POWER = 10
"""Power iterations: the curvature is known to a few percent then."""


def curvature(G, z, A=None):
    """The largest ||A J||_2^2 of the problems, J the derivative of G at z.

    It is a lower bound, from power iterations of which each costs about three
    evaluations of the generator. The largest counts for all problems, since
    their latents move to where others are.

    Parameters
    ----------
    G : Module
    z : Tensor, shape (n_problems, n_latent)
    A : Tensor, shape (n_measurements, n_pixels), or None for the identity

    Returns
    -------
    float
    """
    generator = torch.Generator().manual_seed(0)
    v = torch.randn(z.shape, generator=generator).to(z)
    for _ in range(N_POWER):
        # it is 0 where G is flat, as a saturated output is
        v = v / v.norm(dim=1, keepdim=True).clamp(min=1e-30)
        image = push(G, z, v)
        _, pull = decode(G, z)
        v = pull(image if A is None else (image @ A.T) @ A)
    return max(v.norm(dim=1).max().item(), 1e-12)


def push(G, z, v):
    """J(z) v, (n_problems, n_pixels), of v (n_problems, n_latent)."""
    # torch's own use of torch.jit, which it has deprecated
    with warnings.catch_warnings(action="ignore"):
        return jvp(G, (z,), (v,))[1]


def jacobian(G, z):
    """The derivative of G at each latent, (n_problems, n_pixels, n_latent)."""
    n, d = z.shape
    basis = torch.eye(d).to(z)
    blocks = [
        push(G, rows.repeat_interleave(d, 0), basis.tile(len(rows), 1))
        for rows in z.split(max(1, COLUMNS // d))]
    return torch.cat(blocks).view(n, d, -1).mT


def damped_newton(J, grad, damping):
    """-(J'J + damping I)^-1 grad of each problem, by Cholesky factors.

    The damping includes the curvature of H, if there is one.

    Parameters
    ----------
    J : Tensor, shape (n_problems, n, n_latent)
    grad : Tensor, shape (n_problems, n_latent)
    damping : Tensor, shape (n_problems, 1), > 0

    Returns
    -------
    Tensor, shape (n_problems, n_latent)
    """
    hessian = J.mT @ J + torch.diag_embed(damping.expand_as(grad))
    factor, _ = torch.linalg.cholesky_ex(hessian)
    return -torch.cholesky_solve(grad[..., None], factor)[..., 0]


def loss_curvature(G, z, fit):
    """The curvature of L(G(z)), to which steps of gradient methods are
    relative.

    It is that of 1/2 ||A G(z) - b||^2; on a nonsmooth loss, that of its
    envelope, which has the curvature `fit.unit` in w.

    Parameters
    ----------
    G : Module
    z : Tensor, shape (n_problems, n_latent)
    fit : a loss of `benchmark_utils.inverse`

    Returns
    -------
    float, or Tensor of shape (n_problems, 1)
    """
    if fit.smooth:
        return curvature(G, z, fit.A)
    with torch.no_grad():
        unit = fit.unit(G(z))
    return unit * curvature(G, z)
