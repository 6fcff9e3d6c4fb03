"""lasso_path: solutions for decreasing penalties, down to most atoms."""
import numpy as np
import pytest

from unrolling.lasso import lasso_cost, lasso_path, solve_lasso

NO_GRAM = 1000
"""Bytes of memory that keep the Gram matrix from being formed."""


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


@pytest.mark.parametrize(("of_D", "of_x"), [
    (-158, -158), (-165, -165), (155, 155), (-155, -165), (60, -60)])
def test_paths_at_extreme_scales(rng, of_D, of_x):
    """Where D'x overflows or vanishes, z does not."""
    D, x = rng.standard_normal((10, 20)), rng.standard_normal((8, 10))
    usual = lasso_path(D, x, [0.5, 0.2], 1e-10)
    path = lasso_path(D * 10.0**of_D, x * 10.0**of_x, [0.5, 0.2], 1e-10)
    np.testing.assert_allclose(
        path.z * 10.0 ** (of_D - of_x), usual.z, atol=1e-9)
    assert path.gap.max() <= 1e-10
