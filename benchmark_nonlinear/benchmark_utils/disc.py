"""Triangles of the unit disc, and inclusions in it."""
from typing import NamedTuple

import numpy as np
from scipy.spatial import Delaunay

N_ELECTRODES = 16
BACKGROUND = 1.0
"""The conductivity outside the inclusions."""
INCLUSIONS = {
    2: (0.6, (0.2, 0.3), (2.0, 0.5)),
    3: (0.55, (0.15, 0.25), (2.0, 1.5, 0.5)),
    4: (0.55, (0.15, 0.25), (2.0, 1.5, 0.5, 0.3)),
}
"""Number of inclusions -> half the width of the square of their centres, the
range of their radii, their conductivities; from the code of
arXiv:2307.16120, where the square of four is that of three."""
SPACING = 0.05
"""Least distance of two inclusions."""


class Mesh(NamedTuple):
    """Triangles whose corners are given counter-clockwise."""

    nodes: np.ndarray
    """(n_nodes, 2)"""
    triangles: np.ndarray
    """Numbers of their corners, (n_triangles, 3)."""

    @property
    def centres(self):
        """The centres of the triangles, (n_triangles, 2)."""
        return self.nodes[self.triangles].mean(axis=1)

    @property
    def edges(self):
        """Pairs of triangles that share a side, (n_pairs, 2)."""
        sides = np.sort(np.concatenate(
            [self.triangles[:, pair] for pair in ([0, 1], [1, 2], [2, 0])]),
            axis=1)
        owner = np.tile(np.arange(len(self.triangles)), 3)
        order = np.lexsort(sides.T)
        sides, owner = sides[order], owner[order]
        shared = (sides[1:] == sides[:-1]).all(axis=1)
        return np.stack([owner[:-1][shared], owner[1:][shared]], axis=1)


def disc_mesh(n_rings):
    """The unit disc: ring r = 1, ..., n_rings has 8 r nodes, the last lie on
    the circle, counter-clockwise. There are 8 n_rings^2 triangles."""
    angles = [2 * np.pi * np.arange(8 * r) / (8 * r)
              for r in range(1, n_rings + 1)]
    nodes = np.concatenate([[[0.0, 0.0]]] + [
        r / n_rings * np.stack([np.cos(a), np.sin(a)], axis=1)
        for r, a in enumerate(angles, start=1)])
    return Mesh(nodes, counter_clockwise(nodes, Delaunay(nodes).simplices))


def counter_clockwise(nodes, triangles):
    """The triangles, each with its corners counter-clockwise."""
    p, q, r = nodes[triangles].transpose(1, 0, 2)
    turned = np.linalg.det(np.stack([q - p, r - p], axis=1)) < 0
    return np.where(turned[:, None], triangles[:, ::-1], triangles)


def disc_electrodes(n_rings):
    """Nodes of N_ELECTRODES electrodes that cover half of the circle.

    Parameters
    ----------
    n_rings : int, a multiple of 4: the arc of an electrode has n_rings / 4
        sides then, as many as the gap after it

    Returns
    -------
    ndarray of int, shape (N_ELECTRODES, n_rings / 4 + 1)
    """
    first = 1 + 4 * n_rings * (n_rings - 1)
    n_sides = 8 * n_rings
    starts = np.arange(N_ELECTRODES) * (n_sides // N_ELECTRODES)
    return first + (starts[:, None] + np.arange(n_rings // 4 + 1)) % n_sides


def random_inclusions(n_inclusions, rng):
    """Centres (n, 2), radii (n,) and conductivities (n,), without overlap."""
    half, radii, values = INCLUSIONS[n_inclusions]
    while True:
        centre = rng.uniform(-half, half, (n_inclusions, 2))
        radius = rng.uniform(*radii, n_inclusions)
        distance = np.linalg.norm(centre[:, None] - centre, axis=2)
        apart = distance > radius[:, None] + radius + SPACING
        if apart[np.triu_indices(n_inclusions, 1)].all():
            return centre, radius, np.array(values)


def conductivity(mesh, inclusions):
    """That of each triangle, by its centre: ndarray (n_triangles,)."""
    sigma = np.full(len(mesh.triangles), BACKGROUND)
    for centre, radius, value in zip(*inclusions, strict=True):
        inside = np.linalg.norm(mesh.centres - centre, axis=1) < radius
        sigma[inside] = value
    return sigma
