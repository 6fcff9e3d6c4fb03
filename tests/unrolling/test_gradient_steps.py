"""Steps of Barzilai and Borwein for batches of Lassos, and how they start."""
import numpy as np
import pytest

from unrolling.lasso import duality_gap, lasso_cost, solve_lasso
from unrolling.lasso.barzilai_borwein import (
    correlations_in_one_pass,
    descend,
    descend_alone,
)
from unrolling.lasso.batch import OnDictionary, WithGram
from unrolling.lasso.gram import (
    gram_gap_error,
    positive_factor,
    with_all_atoms,
)

EPS = np.finfo(float).eps


def descend_with_gram(D, x, lmbd, z, tol, **options):
    gram, c = D.T @ D, x @ D
    return descend(lambda z, samples: c[samples] - z @ gram, c,
                   (x**2).sum(axis=1), lmbd, z, tol, **options)


@pytest.mark.parametrize("reg", [0.9, 0.3, 0.01])
def test_a_certificate_from_any_start(rng, make_lasso, reg):
    """From zero, near it, and from starts that cost more or overflow."""
    D, x = make_lasso(rng, 80, 30)
    z = np.zeros((10, 30))
    z[3:6] = 0.01 * rng.standard_normal((3, 30))
    z[6:8] = 100 * rng.standard_normal((2, 30))
    z[8:] = 1e300
    lmbd = np.linspace(reg, reg / 2, 10)
    gap, corr = descend_with_gram(D, x, lmbd, z, 1e-10)
    assert (gap <= 1e-10).all()
    # Gram quantities are sums of up to 80 + 30 terms below ||x||^2 and z'z
    scale = (x**2).sum(axis=1) + (z**2).sum(axis=1)
    rounding = 110 * EPS * scale.max() / lmbd.min()
    np.testing.assert_allclose(
        gap, duality_gap(z, D, x, lmbd), rtol=0, atol=rounding)
    np.testing.assert_allclose(
        corr, (x - z @ D.T) @ D, rtol=0, atol=rounding)
    best = lasso_cost(solve_lasso(D, x, lmbd, 1e-12).z, D, x, lmbd)
    start = 0.5 * (x**2).sum(axis=1)
    assert (lasso_cost(z, D, x, lmbd) <= best + 1.1e-10 * start).all()


def test_slow_descents_are_given_up(rng, make_lasso):
    """Twins have a condition number of 1e8: millions of steps, about."""
    D, x = make_lasso(rng, 40, 20)
    D[:, 1] = D[:, 0] + 1e-4 * D[:, 1]
    z = np.zeros((10, 20))
    gap, _ = descend_with_gram(D, x, np.full(10, 1e-6), z, 1e-15)
    np.testing.assert_allclose(
        gap, duality_gap(z, D, x, 1e-6), rtol=1e-3, atol=1e-9)
    assert (gap > 1e-15).any()


def test_the_first_step_is_the_best_along_its_direction(rng, make_lasso):
    """No other point on the line of the first step from zero costs less."""
    D, x = make_lasso(rng, 40, 60)
    z = np.zeros((10, 60))
    descend_with_gram(D, x, np.full(10, 0.2), z, 1e-15, max_steps=0)
    cost = lasso_cost(z, D, x, 0.2)
    start = 0.5 * (x**2).sum(axis=1)
    assert (cost < start).all()
    for t in (0, 0.5, 0.999, 1.001, 2):
        assert (lasso_cost(t * z, D, x, 0.2) >= cost - 1e-14).all()


@pytest.mark.parametrize("n_dim", [1, 3, 4, 7, 64])
def test_one_pass_is_two_products(rng, n_dim):
    D, z = rng.standard_normal((n_dim, 11)), rng.standard_normal(11)
    x = rng.standard_normal(n_dim)
    # sums of 11 and of n_dim products
    size = (abs(x) + abs(D) @ abs(z)) @ abs(D)
    error = abs(correlations_in_one_pass(D, x, z) - (x - D @ z) @ D)
    assert (error <= 2 * (n_dim + 12) * EPS * size).all()


@pytest.mark.parametrize("memory", [0, 2**20])
@pytest.mark.parametrize("order", ["C", "F"])
def test_one_problem_on_fewer_atoms(rng, make_lasso, order, memory):
    """As many as fit in memory: none, or those that may be in the solution.
    Some 20 of 90 atoms are, so that the others are left out on the way."""
    D, x = make_lasso(rng, 60, 90, 1)
    D, z = np.asarray(D, order=order), np.zeros((1, 90))
    lmbd = np.full(1, 0.3)
    gap = descend_alone(D, x, x @ D, lmbd, z, 1e-9, memory)
    assert gap <= 1e-9
    rounding = 150 * EPS * ((x**2).sum() + (z**2).sum()) / 0.3
    np.testing.assert_allclose(
        gap, duality_gap(z, D, x, lmbd), rtol=0, atol=rounding)


def test_the_point_with_all_atoms_is_the_solution(rng, make_lasso):
    """Near lmbd = 0 it is that of least squares, whose signs it has."""
    D, x = make_lasso(rng, 50, 20)
    lmbd = np.full(10, 1e-6)
    factor = positive_factor(D.T @ D)
    z = with_all_atoms(factor, x @ D, lmbd)
    least_squares = np.linalg.lstsq(D, x.T)[0].T
    assert (np.sign(z) == np.sign(least_squares)).all()
    np.testing.assert_allclose(
        (x - z @ D.T) @ D, 1e-6 * np.sign(z), rtol=0, atol=1e-14)
    assert (duality_gap(z, D, x, lmbd) <= 1e-8).all()


def test_no_factor_of_dependent_atoms(rng):
    D = rng.standard_normal((5, 8))
    gram = D.T @ D
    gram[0, 0] -= 1  # below what rounding of a semi-definite matrix can do
    assert positive_factor(gram) is None


@pytest.mark.parametrize("n_dim", [100, 400])
def test_nearly_all_atoms(rng, make_lasso, n_dim):
    """Many problems with nearly all of their atoms in the solution."""
    D, x = make_lasso(rng, n_dim, 50, 200)
    x[7] = 0
    for z0 in (None, rng.standard_normal((200, 50))):
        z, gap = solve_lasso(D, x, 1e-3, 1e-9, z0=z0)
        assert (gap <= 1e-9).all()
        assert (duality_gap(z, D, x, 1e-3) <= 1.1e-9).all()
    assert np.count_nonzero(z) > 0.9 * z.size


@pytest.mark.parametrize("lmbd", [0.1, 1e-3, 1e-5])
def test_errors_of_gram_gaps_are_bounded(rng, make_lasso, lmbd):
    """They are compared to gaps from D and x in extended precision."""
    D, x = make_lasso(rng, 3000, 40, 5)
    gram, c, x_norm2 = D.T @ D, x @ D, (x**2).sum(axis=1)
    z = np.linalg.solve(gram, c.T).T
    corr = c - z @ gram
    fit = (z * c).sum(axis=1)
    residual2 = x_norm2 - fit - (z * corr).sum(axis=1)
    gap, exact = (
        gap_of(*parts, x_norm2, abs(z).sum(axis=1), lmbd) for parts in (
            (residual2, x_norm2 - fit, corr), extended(z, D, x)))
    bound = gram_gap_error(D, gram, x_norm2, np.full((5, 1), lmbd),
                           z[:, None], gap[:, None])
    assert (abs(gap - exact) <= bound + 1e-14).all()


def extended(z, D, x):
    """||r||^2, r'x and D'r, for r = x - Dz."""
    z, D, x = (a.astype(np.longdouble) for a in (z, D, x))
    residual = x - z @ D.T
    return ((residual**2).sum(axis=1), (residual * x).sum(axis=1),
            residual @ D)


def gap_of(residual2, residual_x, corr, x_norm2, l1, lmbd):
    scale = np.minimum(1, lmbd / abs(corr).max(axis=1))
    dual = scale * residual_x - 0.5 * scale**2 * residual2
    return 2 * (0.5 * residual2 + lmbd * l1 - dual) / x_norm2


@pytest.mark.parametrize("twins", [False, True])
@pytest.mark.parametrize("reg", [0.5, 0.1, 1e-3])
@pytest.mark.parametrize("way", [OnDictionary, WithGram])
def test_gradient_steps_first(rng, make_lasso, way, reg, twins):
    """It ends with a certificate, or leaves the rest to the active set."""
    D, x = make_lasso(rng, 60, 20)
    if twins:
        D[:, 1] = D[:, 0] + 1e-4 * D[:, 1]
    x[3] = 0
    z = np.zeros((10, 2, 20))
    z[:5, 0] = rng.standard_normal((5, 20))
    lmbd = np.full((10, 2), [2 * reg, reg])
    options = (None, 2**20 if way is OnDictionary else True)
    gap, rounds = way(D, x, lmbd, *options).solve(
        slice(None), z, 1e-9, 100)
    assert (gap <= 1e-9).all()
    assert twins or not rounds.any()
    for r in range(2):
        # Gram quantities lose eps D'D z'z / F(0), at most 10^4 z'z eps
        np.testing.assert_allclose(
            gap[:, r], duality_gap(z[:, r], D, x, lmbd[:, r]), rtol=0,
            atol=1e-10)


@pytest.mark.parametrize("way", [OnDictionary, WithGram])
def test_gradient_steps_never_cost_more_than_zero(rng, make_lasso, way):
    """Just below lmbd_max F* is nearly F(0), and a gap of 0.1 is soon there,
    from a start that costs more."""
    D, x = make_lasso(rng, 60, 20)
    z = 0.05 * rng.standard_normal((10, 1, 20))
    options = (None, 2**20 if way is OnDictionary else True)
    lmbd = np.full((10, 1), 0.99)
    way(D, x, lmbd, *options).solve(slice(None), z, 0.1, 100)
    start = 0.5 * (x**2).sum(axis=1)
    assert (lasso_cost(z[:, 0], D, x, 0.99) <= start * (1 + 1e-14)).all()
