"""Differences of images, their total variation, and reflexive convolutions.

Images are u (n_samples, height, width), differences p (n_samples, 2, height,
width): p[:, 0] downwards and p[:, 1] to the right, zero where there is no
next pixel. Functions take arrays of numpy and tensors alike.
"""
import math

import numpy as np
import torch


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


def cosines(n):
    """The orthonormal DCT-II of length n, (n, n); frequencies are rows."""
    i, j = np.arange(n)[:, None], np.arange(n)
    C = np.cos(np.pi * i * (2 * j + 1) / (2 * n)) * (2 / n) ** 0.5
    C[0] = n**-0.5
    return C


def spectrum_of(kernel, height, width):
    """Eigenvalues of a reflexive convolution, one per frequency, (h, w).

    Images go on beyond their borders as in a mirror, the pixels of the border
    twice. Then the convolution with a kernel that is symmetric along both
    axes is symmetric, and diagonal in the cosine basis: P. C. Hansen, J. G.
    Nagy and D. P. O'Leary, Deblurring Images, SIAM 2006, section 4.3.

    Parameters
    ----------
    kernel : ndarray of odd sizes, symmetric along both axes
        It may be larger than the image.
    height, width : int
    """
    waves = [
        np.cos(np.pi * np.outer(np.arange(n), np.arange(size) - size // 2) / n)
        for n, size in zip((height, width), kernel.shape, strict=True)]
    return waves[0] @ kernel @ waves[1].T


class Convolution:
    """A = C' diag(spectrum) C, symmetric, with C the cosine transform.

    The differences have the same basis, nabla'nabla = C' diag(laplacian) C,
    so that (A'A + rho nabla'nabla)^-1 is a product with C, one by the entries
    and one with C'. The transform is two products with matrices.

    Parameters
    ----------
    spectrum : ndarray or Tensor, shape (height, width); 1 for the identity
    """

    def __init__(self, spectrum):
        self.spectrum = spectrum
        height, width = spectrum.shape
        arrays = cosines(height), cosines(width), sum(
            np.ix_(2 - 2 * np.cos(np.pi * np.arange(height) / height),
                   2 - 2 * np.cos(np.pi * np.arange(width) / width)))
        if not isinstance(spectrum, np.ndarray):
            arrays = [torch.as_tensor(a).to(spectrum) for a in arrays]
        self.rows, self.columns, self.laplacian = arrays
        self.is_identity = bool((spectrum == 1).all())
        self.L = float((spectrum**2).max())

    def filtered(self, u, response):
        """C' diag(response) C u of each image."""
        coefs = self.rows @ u @ self.columns.T
        return self.rows.T @ (response * coefs) @ self.columns

    def __call__(self, u):
        """A u, and A'u, which is the same."""
        return u if self.is_identity else self.filtered(u, self.spectrum)

    def normal(self, u):
        """A'A u."""
        return u if self.is_identity else self.filtered(u, self.spectrum**2)
