"""Reflexive convolutions of images, and the cosine basis.

Images are u (n_samples, height, width), arrays of numpy or tensors.
"""
import numpy as np
import torch


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
