"""solve_lasso finds the optimum, from any start and in any unit."""
import numpy as np
import pytest
from sklearn.linear_model import lars_path_gram

from unrolling.lasso import duality_gap, lasso_cost, solve_lasso

NO_GRAM = 1000
"""Bytes of memory that keep the Gram matrix from being formed."""
SHAPES = [(10, 20), (20, 10), (1, 5), (5, 1), (30, 100)]
REGS = [0.001, 0.01, 0.1, 0.5, 0.9]


def kkt_violation(z, D, x, lmbd):
    """Distance of D'(x - Dz) to lmbd * subdifferential of ||.||_1, largest
    over the atoms and relative to lmbd, for each sample."""
    lmbd = np.broadcast_to(lmbd, len(x))[:, None]
    corr = (x - z @ D.T) @ D
    active = abs(corr - lmbd * np.sign(z))
    inactive = np.maximum(abs(corr) - lmbd, 0)
    return (np.where(z != 0, active, inactive) / lmbd).max(axis=1)


def check_solution(D, x, lmbd, tol=1e-12, **options):
    """solve_lasso keeps its contract; a gap above tol would be a warning,
    and so an error here. Returns z."""
    z, gap = solve_lasso(D, x, lmbd, tol, **options)
    assert z.shape == (len(x), D.shape[1])
    assert gap.shape == (len(x),)
    # rounding errors of D'(x - Dz) relative to lmbd: sums of n_dim and of the
    # support's size, 30 or so terms, at most the size of ||d_j|| ||x||
    rounding = 30 * np.finfo(float).eps * (
        np.linalg.norm(D, axis=0).max() * np.linalg.norm(x, axis=1) / lmbd)
    assert (abs(gap - duality_gap(z, D, x, lmbd)) <= 1e-14 + rounding).all()
    assert (gap <= tol).all()
    # the residual is within sqrt(2 gap) of the optimal one, so that
    # D'residual is within ||d_j|| times that of the feasible set
    slack = np.sqrt(2 * tol * 0.5 * (x**2).sum(axis=1))
    slack *= np.linalg.norm(D, axis=0).max() / lmbd
    assert (kkt_violation(z, D, x, lmbd) <= slack + 1e-12).all()
    return z


@pytest.mark.parametrize("reg", REGS)
@pytest.mark.parametrize(("n_dim", "n_atoms"), SHAPES)
@pytest.mark.parametrize("memory", [NO_GRAM, 2**30])
def test_optimal(rng, make_lasso, n_dim, n_atoms, reg, memory):
    D, x = make_lasso(rng, n_dim, n_atoms)
    z = check_solution(D, x, reg, memory=memory)
    # random atoms are in general position: a solution has <= n_dim of them
    assert (z != 0).sum(axis=1).max() <= n_dim


@pytest.mark.parametrize("reg", [0.05, 0.1, 0.5, 0.9])
@pytest.mark.parametrize(("n_dim", "n_atoms"), [(10, 20), (20, 10)])
def test_agrees_with_lars(rng, make_lasso, n_dim, n_atoms, reg):
    """Random atoms make the solution unique; both end on its face, where
    the linear system is solved up to rounding."""
    D, x = make_lasso(rng, n_dim, n_atoms)
    z = solve_lasso(D, x, reg, tol=1e-14).z
    expected = [
        lars_path_gram(c, D.T @ D, n_samples=1, alpha_min=reg,
                       method="lasso", return_path=False)[2]
        for c in x @ D
    ]
    np.testing.assert_allclose(z, expected, rtol=0, atol=1e-8)


def test_orthonormal_atoms_have_a_closed_form(rng):
    D = np.linalg.qr(rng.standard_normal((8, 8)))[0]
    x = rng.standard_normal((20, 8))
    c = x @ D
    expected = np.sign(c) * np.maximum(abs(c) - 0.4, 0)
    np.testing.assert_allclose(
        solve_lasso(D, x, 0.4, 1e-14).z, expected, rtol=0, atol=1e-13)


def test_zero_above_lmbd_max_and_not_below(rng, make_lasso):
    D, x = make_lasso(rng, 10, 20)
    assert not solve_lasso(D, x, 1.0 + 1e-12, 1e-12).z.any()
    assert solve_lasso(D, x, 0.99, 1e-12).z.any(axis=1).all()


@pytest.mark.parametrize("reg", REGS)
def test_duplicated_atoms(rng, make_lasso, reg):
    """Not unique: the sum over the copies is, and so is the cost."""
    D, x = make_lasso(rng, 10, 8)
    twice = np.concatenate([D, D, -D], axis=1)
    z = check_solution(twice, x, reg)
    expected = check_solution(D, x, reg)
    np.testing.assert_allclose(
        lasso_cost(z, twice, x, reg), lasso_cost(expected, D, x, reg),
        rtol=0, atol=1e-12 * (x**2).sum(axis=1).max())
    merged = z[:, :8] + z[:, 8:16] - z[:, 16:]
    np.testing.assert_allclose(merged, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("reg", REGS)
def test_unnormalised_atoms(rng, make_lasso, reg):
    D, x = make_lasso(rng, 10, 20)
    D = D * 10 ** rng.uniform(-3, 3, 20)
    check_solution(D, x, reg * abs(x @ D).max(axis=1))


def test_units_do_not_matter(rng, make_lasso):
    D, x = make_lasso(rng, 10, 20)
    z = solve_lasso(D, x, 0.1, 1e-14).z
    for unit in (1e-8, 1e8):
        scaled = solve_lasso(D, unit * x, unit * 0.1, 1e-14).z
        np.testing.assert_allclose(scaled / unit, z, rtol=0, atol=1e-12)


def test_one_lmbd_per_sample(rng, make_lasso):
    D, x = make_lasso(rng, 10, 20)
    lmbd = rng.uniform(0.05, 0.9, len(x))
    z = check_solution(D, x, lmbd)
    alone = [solve_lasso(D, x[i:i + 1], lmbd[i], 1e-12).z[0]
             for i in range(len(x))]
    np.testing.assert_allclose(z, alone, rtol=0, atol=1e-12)


def test_zero_and_orthogonal_samples():
    D = np.eye(4, 3)
    x = np.array([[0, 0, 0, 0], [0, 0, 0, 5.0], [2, 0, 0, 1]])
    z, gap = solve_lasso(D, x, 0.5, 1e-12)
    np.testing.assert_allclose(z, [[0, 0, 0], [0, 0, 0], [1.5, 0, 0]])
    assert (gap <= 1e-12).all()


def test_integers_are_accepted():
    z = solve_lasso(np.eye(2, dtype=int), np.array([[3, -1]]), 1).z
    np.testing.assert_allclose(z, [[2, 0]])


def test_inputs_are_not_changed(rng, make_lasso):
    D, x = make_lasso(rng, 10, 20)
    lmbd = np.full(len(x), 0.1)
    copies = D.copy(), x.copy(), lmbd.copy()
    solve_lasso(D, x, lmbd)
    for array, copy in zip((D, x, lmbd), copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_warns_when_stopped_early(rng, make_lasso):
    D, x = make_lasso(rng, 30, 100)
    with pytest.warns(UserWarning, match="expected relative duality gaps <= "
                      r"1.0e-12, got up to .* raise max_rounds \(now 1\)"):
        z, gap = solve_lasso(D, x, 0.01, 1e-12, max_rounds=1)
    assert (gap > 1e-12).any()
    assert (lasso_cost(z, D, x, 0.01) <= 0.5 * (x**2).sum(axis=1)).all()


@pytest.mark.parametrize("memory", [NO_GRAM, 2**30])
def test_warm_start(rng, make_lasso, memory):
    """From the solution nothing changes; from elsewhere it is found."""
    D, x = make_lasso(rng, 10, 20)
    z = check_solution(D, x, 0.1, 1e-13)
    again = check_solution(D, x, 0.1, 1e-12, z0=z, memory=memory)
    np.testing.assert_allclose(again, z, rtol=0, atol=1e-13)
    z0 = 10 * rng.standard_normal(z.shape)
    kept = z0.copy()
    found = check_solution(D, x, 0.1, 1e-12, z0=z0, memory=memory)
    np.testing.assert_allclose(found, z, rtol=0, atol=1e-5)
    np.testing.assert_array_equal(z0, kept)


def test_start_points_of_any_layout(rng, make_lasso):
    D, x = make_lasso(rng, 10, 20)
    z0 = rng.standard_normal((2 * len(x), 20)).astype(np.float32)
    expected = check_solution(D, x, 0.1, z0=z0[::2].astype(float))
    np.testing.assert_array_equal(
        check_solution(D, x, 0.1, z0=z0[::2]), expected)


def test_start_point_of_no_size():
    """A coefficient that no step can reach zero from, but by rounding."""
    z = solve_lasso(np.ones((1, 1)), np.full((1, 1), 0.1), 5.0,
                    z0=np.full((1, 1), 5e-324)).z
    assert not z.any()


@pytest.mark.parametrize("z0", [np.ones((3, 20)), np.full((10, 20), np.nan)])
def test_bad_start_point(rng, make_lasso, z0):
    D, x = make_lasso(rng, 10, 20)
    with pytest.raises(ValueError, match=r"z0 must be finite and of shape "
                       r"\(n_samples, n_atoms\) = \(10, 20\), got shape"):
        solve_lasso(D, x, 0.1, z0=z0)


@pytest.mark.parametrize("rank", [5, 200])
@pytest.mark.parametrize("n_atoms", [63, 64, 65, 128, 200])
def test_any_number_of_atoms(rng, n_atoms, rank):
    """Correlations are looked at in blocks; low ranks make faces dependent."""
    D = rng.standard_normal((20, rank)) @ rng.standard_normal((rank, n_atoms))
    D /= np.linalg.norm(D, axis=0)
    x = rng.standard_normal((6, 20))
    x /= abs(x @ D).max(axis=1, keepdims=True)
    z = check_solution(D, x, 0.05)
    np.testing.assert_allclose(
        lasso_cost(z, D, x, 0.05),
        lasso_cost(check_solution(D, x, 0.05, memory=NO_GRAM), D, x, 0.05),
        rtol=1e-10)


def test_no_samples():
    assert solve_lasso(np.eye(3), np.empty((0, 3)), 0.1).z.shape == (0, 3)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("spread", [0, 4])
def test_few_problems_with_many_atoms(rng, spread, order):
    """Whose solutions are found on the atoms: `OnDictionary` is the cheapest.

    With the spread of the singular values, gradient steps stall.
    """
    D = rng.standard_normal((600, 200)) * 10 ** np.linspace(-spread, 0, 200)
    D = np.asarray(D @ rng.standard_normal((200, 200)), order=order)
    x = rng.standard_normal((2, 600))
    lmbd = 0.02 * abs(x @ D).max(axis=1)
    for options in ({}, {"z0": np.full((2, 200), 1e300)}, {"memory": NO_GRAM}):
        check_solution(D, x, lmbd, 1e-10, **options)
