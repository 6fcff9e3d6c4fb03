"""solve_lasso: optimal on easy, degenerate and badly scaled problems."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import lars_path_gram

from unrolling.lasso import duality_gap, lasso_cost, solve_lasso

SHAPES = [(10, 20), (20, 10), (1, 5), (5, 1), (30, 100)]
REGS = [0.001, 0.01, 0.1, 0.5, 0.9]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def make_problem(rng, n_dim, n_atoms, n_samples=10):
    """Unit atoms, and samples with ||D'x||_inf = 1."""
    D = rng.standard_normal((n_dim, n_atoms))
    D /= np.linalg.norm(D, axis=0)
    x = rng.standard_normal((n_samples, n_dim))
    return D, x / abs(x @ D).max(axis=1, keepdims=True)


def kkt_violation(z, D, x, lmbd):
    """Distance of D'(x - Dz) to lmbd * subdifferential of ||.||_1, largest
    over the atoms and relative to lmbd, for each sample."""
    lmbd = np.broadcast_to(lmbd, len(x))[:, None]
    corr = (x - z @ D.T) @ D
    active = abs(corr - lmbd * np.sign(z))
    inactive = np.maximum(abs(corr) - lmbd, 0)
    return (np.where(z != 0, active, inactive) / lmbd).max(axis=1)


def check_solution(D, x, lmbd, tol=1e-12):
    """solve_lasso keeps its contract; a gap above tol would be a warning,
    and so an error here. Returns z."""
    z, gap = solve_lasso(D, x, lmbd, tol)
    assert z.shape == (len(x), D.shape[1])
    assert gap.shape == (len(x),)
    np.testing.assert_array_equal(gap, duality_gap(z, D, x, lmbd))
    assert (gap <= tol).all()
    # the residual is within sqrt(2 gap) of the optimal one, so that
    # D'residual is within ||d_j|| times that of the feasible set
    slack = np.sqrt(2 * tol * 0.5 * (x**2).sum(axis=1))
    slack *= np.linalg.norm(D, axis=0).max() / lmbd
    assert (kkt_violation(z, D, x, lmbd) <= slack + 1e-12).all()
    return z


@pytest.mark.parametrize("reg", REGS)
@pytest.mark.parametrize(("n_dim", "n_atoms"), SHAPES)
def test_optimal(rng, n_dim, n_atoms, reg):
    D, x = make_problem(rng, n_dim, n_atoms)
    z = check_solution(D, x, reg)
    # random atoms are in general position: a solution has <= n_dim of them
    assert (z != 0).sum(axis=1).max() <= n_dim


@pytest.mark.parametrize("reg", [0.05, 0.1, 0.5, 0.9])
@pytest.mark.parametrize(("n_dim", "n_atoms"), [(10, 20), (20, 10)])
def test_agrees_with_lars(rng, n_dim, n_atoms, reg):
    """Random atoms make the solution unique; both end on its face, where
    the linear system is solved up to rounding."""
    D, x = make_problem(rng, n_dim, n_atoms)
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


def test_zero_above_lmbd_max_and_not_below(rng):
    D, x = make_problem(rng, 10, 20)
    assert not solve_lasso(D, x, 1.0 + 1e-12, 1e-12).z.any()
    assert solve_lasso(D, x, 0.99, 1e-12).z.any(axis=1).all()


@pytest.mark.parametrize("reg", REGS)
def test_duplicated_atoms(rng, reg):
    """Not unique: the sum over the copies is, and so is the cost."""
    D, x = make_problem(rng, 10, 8)
    twice = np.concatenate([D, D, -D], axis=1)
    z = check_solution(twice, x, reg)
    expected = check_solution(D, x, reg)
    np.testing.assert_allclose(
        lasso_cost(z, twice, x, reg), lasso_cost(expected, D, x, reg),
        rtol=0, atol=1e-12 * (x**2).sum(axis=1).max())
    merged = z[:, :8] + z[:, 8:16] - z[:, 16:]
    np.testing.assert_allclose(merged, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("reg", REGS)
def test_unnormalised_atoms(rng, reg):
    D, x = make_problem(rng, 10, 20)
    D = D * 10 ** rng.uniform(-3, 3, 20)
    check_solution(D, x, reg * abs(x @ D).max(axis=1))


def test_units_do_not_matter(rng):
    D, x = make_problem(rng, 10, 20)
    z = solve_lasso(D, x, 0.1, 1e-14).z
    for unit in (1e-8, 1e8):
        scaled = solve_lasso(D, unit * x, unit * 0.1, 1e-14).z
        np.testing.assert_allclose(scaled / unit, z, rtol=0, atol=1e-12)


def test_one_lmbd_per_sample(rng):
    D, x = make_problem(rng, 10, 20)
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


def test_inputs_are_not_changed(rng):
    D, x = make_problem(rng, 10, 20)
    lmbd = np.full(len(x), 0.1)
    copies = D.copy(), x.copy(), lmbd.copy()
    solve_lasso(D, x, lmbd)
    for array, copy in zip((D, x, lmbd), copies, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_warns_when_stopped_early(rng):
    D, x = make_problem(rng, 30, 100)
    with pytest.warns(UserWarning, match="expected relative duality gaps <= "
                      r"1.0e-12, got up to .* raise max_rounds \(now 1\)"):
        z, gap = solve_lasso(D, x, 0.01, 1e-12, max_rounds=1)
    assert (gap > 1e-12).any()
    assert (lasso_cost(z, D, x, 0.01) <= 0.5 * (x**2).sum(axis=1)).all()


@settings(derandomize=True, database=None, deadline=None, max_examples=300)
@given(
    seed=st.integers(0, 2**32 - 1), n_dim=st.integers(1, 6),
    n_atoms=st.integers(1, 9), reg=st.floats(1e-3, 1.1),
    levels=st.integers(1, 3), noise=st.sampled_from([0, 1e-9, 1e-6, 1e-3]),
)
def test_degenerate_problems(seed, n_dim, n_atoms, reg, levels, noise):
    """Atoms and samples on a coarse grid, exactly or nearly: ties, repeated
    atoms, dependent faces."""
    rng = np.random.default_rng(seed)
    D, x = (
        rng.integers(-levels, levels + 1, shape)
        + noise * rng.standard_normal(shape)
        for shape in ((n_dim, n_atoms), (4, n_dim))
    )
    D[0, ~D.any(axis=0)] = 1
    lmbd_max = abs(x @ D).max(axis=1)
    # nearly orthogonal to all atoms: see the next test
    x[lmbd_max < 1e-4] = 0
    lmbd = np.where(x.any(axis=1), reg * lmbd_max, 1)
    z, gap = solve_lasso(D, x, lmbd, tol=1e-10)
    assert (gap <= 1e-10).all()
    start = 0.5 * (x**2).sum(axis=1)
    assert (lasso_cost(z, D, x, lmbd) <= start * (1 + 1e-14)).all()


def test_beyond_the_digits_of_the_gram_matrix():
    """Twin atoms, and a sample that only their difference explains: the
    Gram matrix has lost it, which is reported and not hidden."""
    D = np.array([[0, 1e-9], [1, 1]])
    x = np.array([[1.0, 0]])
    lmbd = 1e-10
    with pytest.warns(UserWarning, match="expected relative duality gaps"):
        z, gap = solve_lasso(D, x, lmbd, 1e-10, max_rounds=100)
    best = np.array([[-0.8e9, 0.8e9]])
    excess = lasso_cost(z, D, x, lmbd) - lasso_cost(best, D, x, lmbd)
    assert gap[0] * 0.5 >= excess[0] > 0
    assert (lasso_cost(z, D, x, lmbd) <= 0.5).all()
