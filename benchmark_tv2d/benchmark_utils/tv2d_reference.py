"""Splitting by the cosine transform, and certified references by it."""
from itertools import islice
from typing import NamedTuple

import numpy as np

from benchmark_utils.pixels import Convolution
from unrolling.bench.objective import computed_once
from unrolling.differences import (
    magnitude,
    nabla,
    nabla_adjoint,
    shrink,
    total_variation,
)

REFERENCE_GAP = 1e-9
"""Relative duality gap at which references are good enough."""

MOST_ITERATIONS = 4000
"""After them a reference is taken as it is; its gap is a metric."""

DUAL_STEP = 30.0
"""ADMM's penalty over lmbd, which suits images whose values are 0 to 1."""

EVERY = 100
"""Iterations between two looks at the gap."""


class Reference(NamedTuple):
    """The best known points of a test set, and what they are known to."""

    u: np.ndarray
    """(n_samples, height, width)."""
    cost: np.ndarray
    """(n_samples,), P(u)."""
    bound: np.ndarray
    """(n_samples,), values of the dual: no u has a lower cost."""
    unit: np.ndarray
    """(n_samples,), P at the best constant, of which gaps are shares."""


def admm(A, x, u, lmbd, isotropic, rho, relaxation=1.6):
    """ADMM on 1/2 ||x - A u||^2 + lmbd |w| subject to w = nabla u.

    A'A + rho nabla'nabla is inverted in the cosine basis. S. Boyd et al.,
    Found. Trends Mach. Learn. 3(1), 2011, doi:10.1561/2200000016, over-relaxed
    as in section 3.4.3.

    Yields
    ------
    u, p : the iterate, the start first, and the dual point of nabla u
    """
    c, inverse = A(x), 1 / (A.spectrum**2 + rho * A.laplacian)
    w = nabla(u)
    p = 0 * w
    while True:
        yield u, p
        u = A.filtered(c + nabla_adjoint(rho * w - p), inverse)
        v = relaxation * nabla(u) + (1 - relaxation) * w + p / rho
        w = shrink(v, lmbd / rho, isotropic)
        p = rho * (v - w)


def tv2d_cost(u, A, x, lmbd, isotropic):
    """P_x(u) of each image, (n_samples,)."""
    fit = 0.5 * ((x - A(u)) ** 2).reshape(len(x), -1).sum(1)
    return fit + lmbd * total_variation(u, isotropic)


def best_constant(A, x):
    """The constant images with the best fit, as x."""
    mean = x.mean(axis=(1, 2), keepdims=True) / A.spectrum[0, 0]
    return np.broadcast_to(mean, x.shape)


def dual_value(u, p, A, x, lmbd, isotropic):
    """A lower bound of min P_x for each image, from any u and p.

    The dual problem is to maximise theta'x - 1/2 ||theta||^2 over all theta
    for which A'theta = nabla'q with some |q| <= lmbd. Here theta = x - A u,
    less what would not be orthogonal to the image of constants. The q that is
    closest to p is p + nabla (nabla'nabla)^+ (A'theta - nabla'p); theta and q
    are then scaled into the bound, by the best factor.

    Returns
    -------
    ndarray, shape (n_samples,); equal to P_x(u) for solutions u and p
    """
    theta = x - A(u)
    theta = theta - theta.mean(axis=(1, 2), keepdims=True)
    inverse = np.zeros_like(A.laplacian)
    inverse[A.laplacian > 0] = 1 / A.laplacian[A.laplacian > 0]
    q = p + nabla(A.filtered(A(theta) - nabla_adjoint(p), inverse))
    largest = magnitude(q, isotropic).max(axis=(1, 2, 3), initial=0)
    flat = theta.reshape(len(x), -1)
    product, norm2 = (flat * x.reshape(len(x), -1)).sum(1), (flat**2).sum(1)
    tiny = np.finfo(float).tiny
    scale = np.minimum(product / np.maximum(norm2, tiny),
                       lmbd / np.maximum(largest, tiny)).clip(0)
    return scale * product - 0.5 * scale**2 * norm2


@computed_once
def certified_reference(spectrum, x, lmbd, isotropic):
    """The Reference of images x (n_samples, h, w), by ADMM.

    It stops where all relative gaps are at most REFERENCE_GAP, or after
    MOST_ITERATIONS. Each image keeps its cheapest u, and its highest bound.
    """
    A = Convolution(spectrum)
    problem = A, x, lmbd, isotropic
    unit = tv2d_cost(best_constant(A, x), *problem)
    best, cost = x.copy(), np.full(len(x), np.inf)
    bound = np.zeros(len(x))
    points = admm(A, x, x, lmbd, isotropic, DUAL_STEP * lmbd)
    for u, p in islice(points, 0, MOST_ITERATIONS + 1, EVERY):
        now = tv2d_cost(u, *problem)
        best[now < cost] = u[now < cost]
        cost = np.minimum(cost, now)
        bound = np.maximum(bound, dual_value(u, p, *problem))
        if (cost - bound <= REFERENCE_GAP * unit).all():
            break
    return Reference(best, cost, bound, unit)
