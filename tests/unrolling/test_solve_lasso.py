"""solve_lasso: optimal on easy, degenerate and badly scaled problems."""
import subprocess
import sys
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array, csc_array, random_array
from sklearn.linear_model import lars_path_gram

from unrolling.lasso import duality_gap, lasso_cost, lasso_path, solve_lasso
from unrolling.lasso.costs import (
    dictionary_cost,
    gram_cost,
    working_sets_cost,
)
from unrolling.lasso.gram import gram_matrix

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


@pytest.mark.parametrize(("twist", "x", "lmbd", "tol"), [
    (1e-5, [1, 0.3], 1e-7, 1e-6), (1e-5, [1, 0], 1e-9, 1e-10),
    (1e-4, [1, 0.3], 1e-9, 1e-10),
])
def test_gaps_are_not_hidden_by_rounding(twist, x, lmbd, tol):
    """Nearly parallel atoms and a small lmbd: Gram quantities lose the gap,
    which must not be below the one in exact arithmetic."""
    D = np.array([[0, twist], [1, 1]])
    with warnings.catch_warnings(action="ignore"):
        z, gap = solve_lasso(D, np.array([x]), lmbd, tol)
    D, x, z = (np.vectorize(Fraction)(a) for a in (D, x, z[0]))
    lmbd, residual = Fraction(lmbd), x - D @ z
    scale = min(1, lmbd / max(abs(D.T @ residual)))
    primal = residual @ residual / 2 + lmbd * sum(abs(z))
    dual = scale * (residual @ x) - scale**2 * (residual @ residual) / 2
    exact = float(2 * (primal - dual) / (x @ x))
    assert gap[0] >= 0.5 * exact - 0.1 * tol


@pytest.mark.parametrize("memory", [NO_GRAM, 2**30])
@pytest.mark.parametrize("kind", [csc_array, coo_array])
def test_sparse_dictionary(kind, memory):
    rng = np.random.default_rng(0)
    D = random_array((40, 90), density=0.2, rng=rng,
                     data_sampler=rng.standard_normal).toarray()
    D[0, ~D.any(axis=0)] = 1
    x = rng.standard_normal((15, 40))
    lmbd = 0.1 * abs(x @ D).max(axis=1)
    z, gap = solve_lasso(kind(D), x, lmbd, 1e-12, memory=memory)
    assert (gap <= 1e-12).all()
    np.testing.assert_allclose(
        lasso_cost(z, D, x, lmbd),
        lasso_cost(solve_lasso(D, x, lmbd, 1e-12).z, D, x, lmbd), rtol=1e-12)


def test_bad_sparse_dictionary():
    D = csc_array(np.eye(3))
    D.data[1] = np.nan
    with pytest.raises(ValueError, match="D must be finite, got 1 NaN"):
        solve_lasso(D, np.ones((1, 3)), 0.1)


LARGE = """
import resource
import numpy as np
from unrolling.lasso import solve_lasso

def peak():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

rng = np.random.default_rng(0)
D = rng.standard_normal((50, 10_000))
x = rng.standard_normal((400, 50))
lmbd = 0.3 * abs(x @ D).max(axis=1)
solve_lasso(D[:, :60], x[:1], lmbd[:1], memory={memory})  # compiles
z = np.ones((len(x), D.shape[1]))  # the result
del z
before = peak()
gap = solve_lasso(D, x, lmbd, memory={memory}).gap
assert (gap <= 1e-6).all()
print(peak() - before)
"""


def test_memory_bound():
    """10^4 atoms, whose Gram matrix alone has 800 MB."""
    memory = 64 * 2**20
    used = subprocess.run(
        [sys.executable, "-c", LARGE.format(memory=memory)], check=True,
        capture_output=True, text=True).stdout
    assert int(used) <= memory


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


@pytest.mark.parametrize("memory", [NO_GRAM, 2**30])
def test_path(rng, make_lasso, memory):
    """Each point of the path solves its problem, in each sample's unit."""
    D, x = make_lasso(rng, 10, 20)
    x *= np.geomspace(0.01, 100, len(x))[:, None]
    x[3] = 0
    regs = [1.0, 0.5, 0.1, 0.01]
    path = lasso_path(D, x, regs, tol=1e-12, memory=memory)
    assert path.z.shape == (4, 10, 20)
    assert (path.gap <= 1e-12).all()
    scale = np.where(x.any(axis=1), abs(x @ D).max(axis=1), 1)
    np.testing.assert_allclose(path.lmbd, np.outer(regs, scale))
    for lmbd, z in zip(path.lmbd, path.z, strict=True):
        np.testing.assert_allclose(
            z, solve_lasso(D, x, lmbd, 1e-13).z, rtol=0,
            atol=1e-5 * scale.max())
    assert not path.z[0].any()


def test_path_is_piecewise_linear(rng, make_lasso):
    """Between two penalties whose solutions have one face, z is linear."""
    D, x = make_lasso(rng, 10, 20, n_samples=50)
    z = lasso_path(D, x, [0.42, 0.41, 0.40], tol=1e-14).z
    same = (np.sign(z[0]) == np.sign(z[2])).all(axis=1)
    assert same.sum() > 10
    np.testing.assert_allclose(
        z[1, same], (z[0, same] + z[2, same]) / 2, rtol=0, atol=1e-12)


@pytest.mark.parametrize("regs", [[0.1, 0.2], [0.5, 0.5], [1.5], [0.0], 0.5])
def test_bad_regs(rng, make_lasso, regs):
    D, x = make_lasso(rng, 10, 20)
    with pytest.raises(ValueError, match="regs must be decreasing"):
        lasso_path(D, x, regs)


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


@pytest.mark.parametrize("spread", [0, 1, 3])
@pytest.mark.parametrize("reg", [0.2, 0.02, 1e-3, 1e-6])
def test_solutions_with_most_atoms(rng, reg, spread):
    """More rows than atoms, and a small penalty: nearly every atom is in.

    With the spread of the singular values, the Gram matrix goes from the
    identity to one with a condition number of 10^6.
    """
    D = np.linalg.qr(rng.standard_normal((200, 40)))[0]
    D = D * 10 ** rng.uniform(-spread, 0, 40) @ np.linalg.qr(
        rng.standard_normal((40, 40)))[0]
    x = rng.standard_normal((12, 40)) @ D.T
    x[:4] += 0.1 * rng.standard_normal((4, 200)) * abs(x[:4]).max()
    x[5] = 0
    lmbd = np.where(x.any(axis=1), reg * abs(x @ D).max(axis=1), 1)
    z, gap = solve_lasso(D, x, lmbd, 1e-9)
    others = solve_lasso(D, x, lmbd, 1e-9, memory=NO_GRAM)
    assert (gap <= 1e-9).all()
    start = 0.5 * (x**2).sum(axis=1)
    assert (abs(lasso_cost(z, D, x, lmbd) - lasso_cost(others.z, D, x, lmbd))
            <= 2e-9 * start).all()
    path = lasso_path(D, x, [0.5, reg], 1e-9)
    assert (path.gap <= 1e-9).all()


@pytest.mark.parametrize(("shape", "n_samples", "share", "cheapest"), [
    ((64, 256), 1, 0.1, gram_cost), ((64, 256), 1000, 0.1, gram_cost),
    ((100, 8000), 1, 0.1, working_sets_cost),
    ((500, 5000), 1, 0.1, working_sets_cost),
    ((500, 5000), 10, 0.1, working_sets_cost),
    ((2000, 500), 1000, 0.1, gram_cost),
    ((2000, 500), 1, 0.7, dictionary_cost),
    ((2000, 2000), 1, 0.5, dictionary_cost), ((2000, 2000), 1, 1, gram_cost),
])
def test_the_cheapest_way(monkeypatch, shape, n_samples, share, cheapest):
    """On one thread, with this share of the atoms, up to n_dim, in the
    support."""
    monkeypatch.setattr("unrolling.lasso.costs.N_THREADS", 1)
    costs = {cost: cost(shape, n_samples, share * min(shape))
             for cost in (gram_cost, working_sets_cost, dictionary_cost)}
    assert min(costs, key=costs.get) == cheapest


def test_gram_matrix_is_the_product(rng):
    for n_atoms in (1, 7, 8, 9, 1030):
        D = rng.standard_normal((5, n_atoms))
        # sums of five products of numbers below 5
        for kind in (np.asarray, csc_array):
            np.testing.assert_allclose(
                gram_matrix(kind(D)), D.T @ D, rtol=0, atol=1e-13)


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
