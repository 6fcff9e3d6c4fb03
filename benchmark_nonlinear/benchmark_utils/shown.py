"""What the objective writes for the plots, as text in a table, and back."""
import base64

import numpy as np
from scipy.spatial import cKDTree

N_PIXELS = 72
"""Pixels of a side of a picture."""


def values_as_text(values):
    """Numbers as text, in single precision."""
    return base64.b64encode(
        np.ascontiguousarray(values, dtype="<f4")).decode()


def as_rows(text, width):
    """The numbers of `values_as_text`, (n_rows, width)."""
    return np.frombuffer(base64.b64decode(text), "<f4").reshape(
        -1, int(width)).astype(float)


def picture(values, centres, low, high):
    """Values on triangles of the unit disc as pictures side by side.

    Parameters
    ----------
    values : ndarray, shape (n_pictures, n_triangles)
    centres : ndarray, shape (n_triangles, 2), of the triangles
    low, high : float, the values that are black and white

    Returns
    -------
    ndarray, shape (N_PIXELS, n_pictures * N_PIXELS), in [0, 1]; a pixel shows
    the triangle with the nearest centre, and is white outside the disc
    """
    line = np.linspace(-1, 1, N_PIXELS)
    pixels = np.stack(np.meshgrid(line, line[::-1]), axis=-1)
    nearest = cKDTree(centres).query(pixels)[1]
    inside = np.linalg.norm(pixels, axis=2) <= 1
    grey = ((values - low) / (high - low)).clip(0, 1)
    return np.hstack([np.where(inside, one[nearest], 1) for one in grey])
