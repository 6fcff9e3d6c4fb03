"""The forward model of MEG: Maxwell's equations, and an independent sum."""
import numpy as np
import pytest
from benchmark_utils.sphere import MU_0, folded_shell, sarvas_field, spiral
from scipy.spatial.transform import Rotation


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def dipoles(rng):
    """Positions (m) and moments (A m) of 4 dipoles."""
    positions = 0.07 * rng.uniform(0.5, 1, (4, 1)) * spiral(4, -1)
    return positions, 1e-8 * rng.standard_normal((4, 3))


POINTS = 0.12 * spiral(5, -0.3) + np.array([0.0, 0.01, 0.005])


def jacobian(positions, moments, h=1e-5):
    """Central differences d B_i / d r_j, (n_points, n_dipoles, 3, 3)."""
    steps = h * np.eye(3)
    return np.stack([
        (sarvas_field(POINTS + e, positions, moments)
         - sarvas_field(POINTS - e, positions, moments)) / (2 * h)
        for e in steps], axis=-1)


def test_maxwell_outside_the_sphere(dipoles):
    """No sources there: div B = 0 and curl B = 0.

    Central differences are exact to (h / distance)^2 = (1e-5 / 0.05)^2.
    """
    J = jacobian(*dipoles)
    scale = abs(J).max(axis=(2, 3))
    divergence = np.einsum("pdii->pd", J)
    curl = abs(J - np.swapaxes(J, 2, 3)).max(axis=(2, 3))
    assert (abs(divergence) <= 1e-6 * scale).all()
    assert (curl <= 1e-6 * scale).all()


def test_radial_dipoles_are_silent(dipoles):
    positions, moments = dipoles
    lengths = np.linalg.norm(moments, axis=1) / np.linalg.norm(
        positions, axis=1)
    silent = sarvas_field(POINTS, positions, lengths[:, None] * positions)
    field = sarvas_field(POINTS, positions, moments)
    assert abs(silent).max() <= 1e-14 * abs(field).max()


def primary_field(points, positions, moments):
    """Biot and Savart's law for the primary currents alone, T."""
    R = points[:, None] - positions
    return MU_0 / (4 * np.pi) * np.cross(moments, R) / np.linalg.norm(
        R, axis=2, keepdims=True) ** 3


def test_radial_component_is_that_of_the_primary_current(dipoles):
    """Volume currents of a sphere have no radial field."""
    ours, primary = (field(POINTS, *dipoles)
                     for field in (sarvas_field, primary_field))
    np.testing.assert_allclose(
        *(np.einsum("pdk,pk->pd", field, POINTS) for field in (ours, primary)),
        rtol=1e-11)
    assert abs(ours - primary).max() > 0.1 * abs(primary).max()


def surface_potential(normals, radius, position, moment, n_terms=200):
    """Potential on a sphere of conductivity 1 S/m, as a Legendre series, V.

    The derivative along the moment of Neumann's function, sum_n (2n + 1) / n
    r0^n / radius^(n + 1) P_n, by a complex step; r0^n P_n obeys P_n's
    recurrence.
    """
    r0 = position + 1e-30j * moment
    t, s = normals @ r0, r0 @ r0
    before, term = np.ones_like(t), t
    total = 0
    for n in range(1, n_terms):
        total = total + (2 * n + 1) / n * term / radius ** (n + 1)
        before, term = term, ((2 * n + 1) * t * term - n * s * before) / (
            n + 1)
    return total.imag / 1e-30 / (4 * np.pi)


@pytest.mark.parametrize("radius", [0.08, 0.1])
def test_geselowitz_integral(dipoles, radius):
    """The primary field and the surface integral of the potential.

    D. Geselowitz, IEEE Trans. Magn. 6(2), 1970: the volume currents of a
    homogeneous conductor act like -sigma V n on its surface. The radius does
    not matter.
    """
    positions, moments = dipoles
    z, weights = np.polynomial.legendre.leggauss(100)
    angle = 2 * np.pi * np.arange(200) / 200
    ring = np.sqrt(1 - z**2)[:, None]
    normals = np.stack([ring * np.cos(angle), ring * np.sin(angle),
                        np.broadcast_to(z[:, None], (100, 200))], axis=-1)
    normals = normals.reshape(-1, 3)
    areas = np.repeat(weights, 200) * 2 * np.pi / 200 * radius**2
    R = POINTS[:, None] - radius * normals
    kernel = np.cross(normals, R) / np.linalg.norm(
        R, axis=2, keepdims=True) ** 3
    volume = -MU_0 / (4 * np.pi) * np.stack([
        np.einsum("s,psk->pk", areas * surface_potential(
            normals, radius, *dipole), kernel)
        for dipole in zip(positions, moments, strict=True)], axis=1)
    expected = primary_field(POINTS, positions, moments) + volume
    ours = sarvas_field(POINTS, positions, moments)
    assert abs(ours - expected).max() <= 1e-6 * abs(ours).max()


def test_rotation(dipoles, rng):
    """The field of a rotated head and helmet is the rotated field."""
    positions, moments = dipoles
    Q = Rotation.random(rng=rng).as_matrix()
    rotated = sarvas_field(POINTS @ Q.T, positions @ Q.T, moments @ Q.T)
    expected = sarvas_field(POINTS, positions, moments) @ Q.T
    np.testing.assert_allclose(
        rotated, expected, rtol=0, atol=1e-13 * abs(expected).max())


def test_linear_in_the_moments(dipoles, rng):
    positions, moments = dipoles
    other = 1e-8 * rng.standard_normal(moments.shape)
    expected = 2 * sarvas_field(POINTS, positions, moments) - sarvas_field(
        POINTS, positions, other)
    np.testing.assert_allclose(
        sarvas_field(POINTS, positions, 2 * moments - other), expected,
        rtol=0, atol=1e-13 * abs(expected).max())


def test_points_inside_are_refused(dipoles):
    with pytest.raises(ValueError, match="points must be farther from the "
                       "centre than the dipoles, got points at 0.05 m"):
        sarvas_field(0.05 * spiral(3, -1), 0.07 * spiral(2, -1),
                     np.ones((2, 3)))


def test_spiral_is_even():
    """Unit vectors; each of 100 is as far from its neighbour as on a grid."""
    points = spiral(100, -0.5)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1)
    assert points[:, 2].min() >= -0.5
    distance = np.linalg.norm(points[:, None] - points, axis=2)
    nearest = np.sort(distance, axis=1)[:, 1]
    side = np.sqrt(2 * np.pi * 1.5 / 100)
    assert (nearest > 0.7 * side).all()
    assert (nearest < 1.3 * side).all()


def test_normals_of_the_folds():
    """They are orthogonal to the surface: to its finite differences."""
    directions = spiral(50, -0.4)
    positions, normals = folded_shell(directions, np.random.default_rng(1))
    np.testing.assert_allclose(np.linalg.norm(normals, axis=1), 1)
    assert ((normals * directions).sum(axis=1) > 0).all()
    for axis in np.eye(3):
        moved = directions + 1e-6 * np.cross(axis, directions)
        moved /= np.linalg.norm(moved, axis=1, keepdims=True)
        along = folded_shell(moved, np.random.default_rng(1))[0] - positions
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        assert abs((along * normals).sum(axis=1)).max() < 1e-3
