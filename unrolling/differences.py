"""Differences of images and their total variation.

Images are u (n_samples, height, width), differences p (n_samples, 2, height,
width): p[:, 0] downwards and p[:, 1] to the right, zero where there is no
next pixel. Functions take arrays of numpy and tensors alike.
"""
import math

import numpy as np


def nabla(u):
    """The differences of each image to its next pixels, (n, 2, h, w)."""
    p = empty_like(u, (len(u), 2, *u.shape[1:]))
    p[:, 0, :-1] = u[:, 1:] - u[:, :-1]
    p[:, 1, :, :-1] = u[:, :, 1:] - u[:, :, :-1]
    return p


def nabla_adjoint(p):
    """nabla'p, (n, h, w): <nabla u, p> = <u, nabla'p> for all u and p."""
    down, right = p[:, 0, :-1], p[:, 1, :, :-1]
    u = empty_like(p, (len(p), *p.shape[2:]))
    u[:, 1:] += down
    u[:, :-1] -= down
    u[:, :, 1:] += right
    u[:, :, :-1] -= right
    return u


def empty_like(array, shape):
    """Zeros of another shape, of the array's kind and type."""
    if isinstance(array, np.ndarray):
        return np.zeros(shape, array.dtype)
    return array.new_zeros(shape)


def nabla_norm2(height, width):
    """||nabla||_2^2, at most 8."""
    return (4 + 2 * math.cos(math.pi / height)
            + 2 * math.cos(math.pi / width))


def magnitude(p, isotropic):
    """|p| of which the total variation is the sum: Euclidean at each pixel,
    (n, 1, h, w), or each entry's, (n, 2, h, w)."""
    if not isotropic:
        return abs(p)
    return ((p**2).sum(1) ** 0.5)[:, None]


def total_variation(u, isotropic):
    """TV(u) of each image, (n,)."""
    return magnitude(nabla(u), isotropic).reshape(len(u), -1).sum(1)


def project(p, radius, isotropic):
    """The projection of p on |p| <= radius, which is > 0, see `magnitude`."""
    if not isotropic:
        return p.clip(-radius, radius)
    # the square root of a larger number only: it has a derivative
    norm2 = (p**2).sum(1)[:, None].clip(radius**2, None)
    return p * (radius / norm2**0.5)


def shrink(p, t, isotropic):
    """The prox of t times the sum of |p|, by Moreau's identity."""
    return p - project(p, t, isotropic)
