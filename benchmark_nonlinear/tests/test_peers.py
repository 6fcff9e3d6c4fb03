"""Agreement with pyEIT, where it is installed."""
import numpy as np
import pytest


@pytest.fixture
def peer(suite):
    """pyEIT's forward model, and ours on its mesh with its electrodes."""
    pytest.importorskip("pyeit", reason="pyEIT is not installed")
    from pyeit.eit import protocol
    from pyeit.eit.fem import EITForward
    from pyeit.mesh import create

    mesh = create(16, h0=0.2)
    theirs = EITForward(mesh, protocol.create(16, 1, 1, "std"))
    nodes = mesh.node[:, :2]
    ours = suite.eit_operator.EIT(
        suite.disc.Mesh(nodes, suite.disc.counter_clockwise(
            nodes, mesh.element)), mesh.el_pos[:, None], None)
    return theirs, ours


def test_voltages_and_jacobian_are_those_of_pyeit(peer, rng):
    """pyEIT measures from m + 1 to m, and leaves the minus of J away."""
    theirs, ours = peer
    sigma = rng.uniform(0.5, 2, ours.n_x)
    J, v = theirs.compute_jac(sigma)
    number = {pair: k for k, pair in enumerate(
        zip(ours.drive, ours.measured, strict=True))}
    order = [number[d, m] for d, pairs in enumerate(
        theirs.protocol.meas_mat) for _, m in pairs]
    at = ours.at(sigma[None])
    np.testing.assert_allclose(-at.value[0, order], v, rtol=1e-10)
    np.testing.assert_allclose(
        at.jacobian()[0][order], J, atol=1e-10 * abs(J).max())
