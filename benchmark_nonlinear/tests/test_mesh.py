"""Meshes of the disc, inclusions, and qualities on a mesh."""
import numpy as np
import pytest


@pytest.mark.parametrize("n_rings", [4, 8])
def test_the_mesh_tiles_the_disc(suite, n_rings):
    mesh = suite.disc.disc_mesh(n_rings)
    assert mesh.triangles.shape == (8 * n_rings**2, 3)
    p, q, r = mesh.nodes[mesh.triangles].transpose(1, 0, 2)
    areas = np.linalg.det(np.stack([q - p, r - p], axis=1)) / 2
    assert (areas > 0).all()
    n_sides = 8 * n_rings
    polygon = n_sides / 2 * np.sin(2 * np.pi / n_sides)
    assert areas.sum() == pytest.approx(polygon)


def test_edges_join_triangles_that_share_a_side(suite):
    mesh = suite.disc.disc_mesh(4)
    for i, j in mesh.edges:
        assert len({*mesh.triangles[i]} & {*mesh.triangles[j]}) == 2
    # of 3 sides a triangle, those on the circle have one triangle
    assert 2 * len(mesh.edges) == 3 * len(mesh.triangles) - 8 * 4
    assert len({tuple(sorted(e)) for e in mesh.edges}) == len(mesh.edges)


@pytest.mark.parametrize("n_rings", [4, 8, 12])
def test_electrodes_cover_half_of_the_circle(suite, n_rings):
    mesh = suite.disc.disc_mesh(n_rings)
    electrodes = suite.disc.disc_electrodes(n_rings)
    assert electrodes.shape == (16, n_rings // 4 + 1)
    nodes = mesh.nodes[electrodes]
    np.testing.assert_allclose(np.linalg.norm(nodes, axis=2), 1)
    turn = np.angle(nodes @ [1, 1j])
    arcs = np.mod(turn[:, -1] - turn[:, 0], 2 * np.pi)
    np.testing.assert_allclose(arcs, 2 * np.pi / 32)
    np.testing.assert_allclose(
        np.mod(np.diff(turn[:, 0]), 2 * np.pi), 2 * np.pi / 16)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_inclusions_do_not_overlap(suite, rng, n):
    mesh = suite.disc.disc_mesh(8)
    centres, radii, values = suite.disc.random_inclusions(n, rng)
    for i in range(n):
        for j in range(i):
            assert np.linalg.norm(centres[i] - centres[j]) > (
                radii[i] + radii[j])
    sigma = suite.disc.conductivity(mesh, (centres, radii, values))
    assert {*sigma} <= {1.0, *values}


def test_qualities_of_the_truth(suite, rng):
    quality = suite.image_quality
    edges = suite.disc.disc_mesh(4).edges
    x = rng.uniform(0.5, 2, (3, 128))
    np.testing.assert_allclose(quality.mesh_ssim(x, x, edges), 1)
    np.testing.assert_allclose(quality.dynamic_range(x, x), 100)
    assert (quality.relative_errors(x, x) == 0).all()
    noisy = x + 0.1 * rng.standard_normal(x.shape)
    assert (quality.mesh_ssim(noisy, x, edges) < 1).all()


def test_neighbourhoods_average(suite):
    mean = suite.image_quality.neighbourhoods(np.array([[0, 1], [1, 2]]), 4)
    np.testing.assert_allclose(mean.toarray(), [
        [1 / 2, 1 / 2, 0, 0], [1 / 3, 1 / 3, 1 / 3, 0],
        [0, 1 / 2, 1 / 2, 0], [0, 0, 0, 1]])
