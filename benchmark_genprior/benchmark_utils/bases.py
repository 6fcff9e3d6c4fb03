"""Orthonormal bases of images, as matrices (n_pixels, n_pixels)."""
import numpy as np
from scipy.fft import idct


def dct_basis(shape):
    """Products of cosines, one a column: the DCT-II of both axes."""
    rows, columns = (
        idct(np.eye(n), axis=0, norm="ortho") for n in shape)
    return np.kron(rows, columns)


def haar_basis(shape):
    """Products of Haar wavelets of both axes, one a column.

    Each axis is halved as often as its length allows, thrice at most.
    """
    return np.kron(*map(haar_line, shape))


def haar_line(n, levels=3):
    """Haar's orthonormal wavelets on n points, one a column."""
    if n % 2 or not levels:
        return np.eye(n)
    pairs = np.eye(n // 2)
    means, jumps = (np.kron(pairs, np.array([[1], [sign]])) / np.sqrt(2)
                    for sign in (1, -1))
    return np.hstack([means @ haar_line(n // 2, levels - 1), jumps])


BASES = {"dct": dct_basis, "haar": haar_basis}
