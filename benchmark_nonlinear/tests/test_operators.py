"""Operators: values by definition, derivatives by differences, adjoints."""
import numpy as np
import pytest


@pytest.fixture(params=["windowed", "linear", "cem", "points", "linearised"])
def problem(request, suite, rng):
    """An operator, and points at which it is defined."""
    if request.param in ("windowed", "linear"):
        a = 2.0 if request.param == "windowed" else 0.0
        K = suite.windowed.WindowedQuadratic(
            53, a, *suite.windowed.random_weights(rng))
        return K, rng.uniform(-1, 1, (3, 53))
    mesh = suite.disc.disc_mesh(4)
    electrodes = suite.disc.disc_electrodes(4)
    K = (suite.eit_operator.EIT(mesh, electrodes[:, :1], None)
         if request.param == "points"
         else suite.eit_operator.EIT(mesh, electrodes))
    x = rng.uniform(0.5, 2, (3, K.n_x))
    if request.param == "linearised":
        K = suite.nonlinear_operator.Linearised(K, np.ones(K.n_x))
    return K, x


def test_jacobian_is_the_derivative(problem, rng):
    """Central differences: the error is h^2 |K'''| plus eps |K| / h."""
    K, x = problem
    d, h = rng.standard_normal(x.shape), 1e-5
    differences = (K.forward(x + h * d) - K.forward(x - h * d)) / (2 * h)
    product = (K.at(x).jacobian() @ d[..., None])[..., 0]
    np.testing.assert_allclose(
        product, differences, atol=1e-6 * abs(product).max())


def test_pull_and_push_are_products_with_the_jacobian(problem, rng):
    K, x = problem
    at, r = K.at(x), rng.standard_normal((len(x), K.n_y))
    expected = (at.jacobian().transpose(0, 2, 1) @ r[..., None])[..., 0]
    np.testing.assert_allclose(
        at.pull(r), expected, atol=1e-12 * abs(expected).max())
    d = rng.standard_normal(x.shape)
    expected = (at.jacobian() @ d[..., None])[..., 0]
    np.testing.assert_allclose(
        at.push(d), expected, atol=1e-12 * abs(expected).max())


def test_samples_do_not_depend_on_each_other(problem):
    K, x = problem
    bad = x.copy()
    bad[1] = np.nan
    value = K.forward(bad)
    assert np.isnan(value[1]).all()
    np.testing.assert_allclose(
        value[[0, 2]], K.forward(x[[0, 2]]), rtol=1e-12)


def test_windowed_quadratic_by_its_definition(suite, rng):
    W1, W2 = suite.windowed.random_weights(rng)
    x = rng.standard_normal((2, 53))
    value = suite.windowed.WindowedQuadratic(53, 1.5, W1, W2).forward(x)
    assert value.shape == (2, 12)
    for n in range(2):
        for i in range(12):
            w = x[n, 4 * i:4 * i + 9]
            assert value[n, i] == pytest.approx(1.5 * w @ W1 @ w + W2 @ w)


def test_the_reference_jacobian_is_right_without_nonlinearity_only(
        suite, rng):
    W1, W2 = suite.windowed.random_weights(rng)
    x = rng.standard_normal((4, 53))
    for a in (0.0, 1.0):
        J, wrong = (suite.windowed.WindowedQuadratic(
            53, a, W1, W2, symmetric).at(x).jacobian()
            for symmetric in (False, True))
        error = np.linalg.norm(J - wrong) / np.linalg.norm(J)
        assert error == 0 if a == 0 else error > 0.1


def test_weights_and_signals_are_as_defined(suite, rng):
    W1, W2 = suite.windowed.random_weights(rng)
    assert W1.sum() == pytest.approx(1)
    assert W2.sum() == pytest.approx(1)
    assert (np.tril(W1, -1) == 0).all()
    x = suite.windowed.random_signals(30, 53, rng)
    assert x.shape == (30, 53)
    np.testing.assert_allclose(x.min(axis=1), -1)
    np.testing.assert_allclose(x.max(axis=1), 1)


@pytest.mark.parametrize("contact", [None, 0.05])
def test_voltages_scale_and_are_reciprocal(suite, rng, contact):
    """v(c sigma; z / c) = v(sigma; z) / c, and v[d, m] = v[m, d]."""
    mesh = suite.disc.disc_mesh(4)
    electrodes = suite.disc.disc_electrodes(4)
    electrodes = electrodes if contact else electrodes[:, :1]
    K, scaled = (suite.eit_operator.EIT(
        mesh, electrodes, contact and contact / c) for c in (1, 2))
    sigma = rng.uniform(0.5, 2, (1, K.n_x))
    v = K.forward(sigma)[0]
    np.testing.assert_allclose(
        scaled.forward(2 * sigma)[0], v / 2, rtol=1e-10)
    table = np.full((16, 16), np.nan)
    table[K.drive, K.measured] = v
    np.testing.assert_allclose(table, table.T, rtol=1e-10)


def test_voltages_of_the_uniform_disc_approach_the_series(suite):
    """Point electrodes, sigma = 1: u = (1/pi) log(|x - q| / |x - p|), from
    the Neumann function of the unit disc. The error falls with the mesh."""
    angles = 2 * np.pi * np.arange(16) / 16
    points = np.exp(1j * angles)
    errors = []
    for n_rings in (4, 8, 16):
        K = suite.eit_operator.EIT(
            suite.disc.disc_mesh(n_rings),
            suite.disc.disc_electrodes(n_rings)[:, :1], None)
        v = K.forward(np.ones((1, K.n_x)))[0]

        def u(at, d):
            return (np.log(abs(at - points[(d + 1) % 16]))
                    - np.log(abs(at - points[d]))) / np.pi

        exact = (u(points[K.measured], K.drive)
                 - u(points[(K.measured + 1) % 16], K.drive))
        errors.append(np.linalg.norm(v - exact) / np.linalg.norm(exact))
    assert errors == pytest.approx([0.087, 0.018, 0.0034], rel=0.05)


def potentials_of_electrodes(contact, n=2048):
    """Complete electrodes on half of the unit circle, sigma = 1, by Fourier
    series: the potentials (16, 16), a column for each adjacent drive.

    A density of current on the boundary, cos k theta, makes the potential
    cos k theta / k there; on electrode l, contact j + u = U_l.
    """
    k = abs(np.fft.fftfreq(n, 1 / n))
    response = np.fft.ifft(np.divide(1, k, where=k > 0, out=0 * k)).real
    at = np.flatnonzero(np.arange(n) % (n // 16) < n // 32)
    own = (at[:, None] // (n // 16) == np.arange(16)).astype(float)
    neumann = response[(at[:, None] - at) % n] + contact * np.eye(len(at))
    currents = np.eye(16) - np.roll(np.eye(16), 1, axis=0)
    # the last block fixes the sum of U, since that of the currents is 0
    system = np.block([[neumann, -own],
                       [2 * np.pi / n * own.T, np.ones((16, 16))]])
    return np.linalg.solve(system, np.concatenate(
        [np.zeros((len(at), 16)), currents]))[len(at):]


def test_complete_electrodes_approach_the_series(suite):
    """The finite elements' error falls with the mesh, the arcs' included."""
    U = potentials_of_electrodes(contact=0.01)
    voltages = U - np.roll(U, -1, axis=0)
    errors = []
    for n_rings in (4, 8, 16):
        K = suite.eit_operator.EIT(
            suite.disc.disc_mesh(n_rings),
            suite.disc.disc_electrodes(n_rings), 0.01)
        exact = voltages[K.measured, K.drive]
        errors.append(np.linalg.norm(K.forward(np.ones((1, K.n_x))) - exact)
                      / np.linalg.norm(exact))
    assert errors == pytest.approx([0.031, 0.023, 0.011], rel=0.1)


def test_rotated_inclusions_rotate_the_data(suite, rng):
    """The mesh has the symmetry of a quarter turn, which is 4 electrodes."""
    mesh = suite.disc.disc_mesh(4)
    K = suite.eit_operator.EIT(mesh, suite.disc.disc_electrodes(4))
    turned = mesh.centres @ np.array([[0, 1], [-1, 0]])
    distance = np.linalg.norm(turned[:, None] - mesh.centres, axis=2)
    if distance.min(axis=1).max() > 1e-9:
        pytest.skip("this qhull breaks the ties of the mesh differently")
    sigma = rng.uniform(0.5, 2, K.n_x)
    rotated = np.empty_like(sigma)
    rotated[distance.argmin(axis=1)] = sigma
    v, w = K.forward(np.stack([sigma, rotated])).reshape(2, 16, 13)
    np.testing.assert_allclose(w, np.roll(v, 4, axis=0), rtol=1e-9)


def test_low_conductivities_count_as_the_floor(suite):
    K = suite.make_objective("EIT").K
    x = np.ones((2, K.n_x))
    x[0, 3], x[1, 3] = -5.0, suite.eit_operator.FLOOR
    v = K.forward(x)
    np.testing.assert_array_equal(v[0], v[1])
    np.testing.assert_array_equal(K.project(x)[0], x[1])
