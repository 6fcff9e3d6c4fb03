"""Magnetic field of current dipoles in a spherical conductor, in SI units."""
import numpy as np

MU_0 = 4e-7 * np.pi
"""Permeability of the vacuum, T m / A."""


def sarvas_field(points, positions, moments):
    """Field outside a conducting sphere, centred at 0, of dipoles inside it.

    Primary and volume currents together. The field depends on neither the
    radius nor the conductivity of the sphere, nor on their profile along the
    radius, and that of a radial dipole is zero. J. Sarvas, Basic mathematical
    and electromagnetic concepts of the biomagnetic inverse problem, Phys.
    Med. Biol. 32(1), 1987, doi:10.1088/0031-9155/32/1/004, eq. 25.

    Parameters
    ----------
    points : ndarray, shape (n_points, 3), m
        Outside the sphere.
    positions : ndarray, shape (n_dipoles, 3), m
        Inside the sphere.
    moments : ndarray, shape (n_dipoles, 3), A m

    Returns
    -------
    ndarray, shape (n_points, n_dipoles, 3), T. ValueError if a dipole is as
    far from the centre as a point: no sphere lies between them.
    """
    r = np.linalg.norm(points, axis=1)[:, None]
    if r.min() <= np.linalg.norm(positions, axis=1).max():
        raise ValueError(
            "points must be farther from the centre than the dipoles, got "
            f"points at {r.min():.4g} m and dipoles at up to "
            f"{np.linalg.norm(positions, axis=1).max():.4g} m"
        )
    offset = points[:, None] - positions
    a = np.linalg.norm(offset, axis=2)
    a_r = np.einsum("pdk,pk->pd", offset, points)
    F = a * (r * a + a_r)
    grad_F = (
        (a**2 / r + a_r / a + 2 * a + 2 * r)[..., None] * points[:, None]
        - (a + 2 * r + a_r / a)[..., None] * positions
    )
    cross = np.cross(moments, positions)
    field = F[..., None] * cross - (points @ cross.T)[..., None] * grad_F
    return MU_0 / (4 * np.pi) * field / F[..., None] ** 2


def spiral(n_points, lowest):
    """Evenly spread points of the unit sphere with z >= lowest, (n, 3)."""
    k = np.arange(n_points)
    z = 1 - (1 - lowest) * (k + 0.5) / n_points
    angle = np.pi * (3 - np.sqrt(5)) * k
    radius = np.sqrt(1 - z**2)
    return np.stack(
        [radius * np.cos(angle), radius * np.sin(angle), z], axis=1)


def folded_shell(directions, rng, radius=0.07, depth=0.004, wavelength=0.025,
                 n_waves=12):
    """A closed surface with folds: a sphere plus random plane waves.

    Parameters
    ----------
    directions : ndarray, shape (n_points, 3)
        Unit vectors from the centre.
    rng : numpy.random.Generator
    radius, depth, wavelength : float, m
        Of the sphere; standard deviation of the folds; their period.
    n_waves : int

    Returns
    -------
    positions, normals : ndarrays, shape (n_points, 3), m and unit vectors
        The points of the surface in these directions and its outer normals.
    """
    waves = rng.standard_normal((n_waves, 3))
    waves /= np.linalg.norm(waves, axis=1, keepdims=True)
    waves *= 2 * np.pi * radius / wavelength
    amplitude = depth * np.sqrt(2 / n_waves)
    phase = directions @ waves.T + rng.uniform(0, 2 * np.pi, n_waves)
    height = radius + amplitude * np.cos(phase).sum(axis=1, keepdims=True)
    slope = -amplitude * np.sin(phase) @ waves
    slope -= (slope * directions).sum(axis=1, keepdims=True) * directions
    normals = height * directions - slope
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return height * directions, normals
