"""Regularisers: the prox of L + R against definitions and other solvers."""
import numpy as np
import pytest
import torch
from scipy.optimize import lsq_linear, minimize

from unrolling.prox import prox_tv

N, SHAPE, M = 4, (3, 4), 6
N_PIXELS = 12
RHO = torch.tensor([[0.1], [1.0], [3.0], [30.0]], dtype=torch.float64)
LMBD = torch.tensor([[0.3], [0.1], [0.5], [2.0]], dtype=torch.float64)
LOSSES = pytest.mark.parametrize("loss", ["dense", "identity", "l1", "linf"])
REGULARISERS = pytest.mark.parametrize("regulariser", ["box", "tv"])


def random(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def make_fit(suite, loss, regulariser, shape=SHAPE):
    """L + R with b in the box, in double, and points to begin at."""
    A = (random(M, N_PIXELS) if loss == "dense"
         else torch.eye(N_PIXELS, dtype=torch.float64))
    b = random(N, len(A), seed=1).sigmoid()
    L = suite.inverse.LOSSES[loss if loss in ("l1", "linf") else "l2"](A, b)
    R = suite.regularisers.REGULARISERS[regulariser](shape, LMBD)
    return suite.regularisers.Regularised(L, R), random(N, N_PIXELS, seed=2)


def cost(fit, w, v):
    """What the prox minimises, (n_samples,)."""
    return fit.error(w) + RHO[:, 0] / 2 * ((w - v) ** 2).sum(1)


@LOSSES
@REGULARISERS
def test_prox_beats_random_points(suite, loss, regulariser):
    """Up to the certified gap; points of the box are its projections."""
    fit, v = make_fit(suite, loss, regulariser)
    p = fit.prox(v, RHO)
    least = cost(fit, p, v)
    slack = suite.regularisers.TOL * least + 1e-12
    for radius in (1e-3, 1e-1, 1):
        for seed in range(50):
            w = p + radius * random(N, N_PIXELS, seed=seed)
            w = w.clip(0, 1) if regulariser == "box" else w
            assert (least <= cost(fit, w, v) + slack).all()


@LOSSES
@REGULARISERS
def test_prox_again_takes_up_its_dual(suite, loss, regulariser):
    """A second call begins at the solution: the certificate holds still."""
    fit, v = make_fit(suite, loss, regulariser)
    first, second = fit.prox(v, RHO), fit.prox(v, RHO)
    gap = suite.regularisers.TOL * cost(fit, first, v)
    # each is within sqrt(2 gap / rho) of the minimiser
    assert ((first - second).norm(dim=1)
            <= 2 * (2 * gap / RHO[:, 0]).sqrt() + 1e-12).all()


def test_box_and_least_squares_against_scipy(suite):
    """Bounded least squares with the rows of A and those of sqrt(rho) I."""
    fit, v = make_fit(suite, "dense", "box")
    w = fit.prox(v, RHO)
    gap = suite.regularisers.TOL * cost(fit, w, v)
    bound = (2 * gap / RHO[:, 0]).sqrt() + 1e-8
    for row in range(N):
        root = RHO[row].sqrt().item()
        found = lsq_linear(
            np.vstack([fit.A, root * np.eye(N_PIXELS)]),
            np.concatenate([fit.b[row], root * v[row]]), (0, 1), tol=1e-14)
        assert np.linalg.norm(found.x - w[row].numpy()) <= bound[row]
        assert ((w[row] == 0) | (w[row] == 1)).any()


def test_box_and_l_inf_against_scipy(suite):
    """min t + rho/2 ||w - v||^2 with |w - b| <= t in the box, by SLSQP."""
    fit, v = make_fit(suite, "linf", "box")
    w = fit.prox(v, RHO)
    rows = np.eye(N_PIXELS)
    sides = np.vstack([np.hstack([sign * rows, np.ones((N_PIXELS, 1))])
                       for sign in (1, -1)])
    for row in range(N):
        rho, b = RHO[row].item(), fit.b[row].numpy()
        start, right = v[row].numpy(), np.concatenate([b, -b])
        found = minimize(
            lambda x, rho=rho, v=start: x[-1] + rho / 2 * (
                (x[:-1] - v) ** 2).sum(),
            np.append(b, 1.0),
            jac=lambda x, rho=rho, v=start: np.append(rho * (x[:-1] - v), 1),
            bounds=[(0, 1)] * N_PIXELS + [(0, None)], method="SLSQP",
            constraints={"type": "ineq", "jac": lambda x: sides,
                         "fun": lambda x, right=right: sides @ x - right},
            options={"maxiter": 1000, "ftol": 1e-14})
        np.testing.assert_allclose(w[row], found.x[:-1], atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 12), (12, 1)])
def test_total_variation_of_a_line(suite, shape):
    """On one row, L = 1/2 ||w - b||^2 makes it a prox in one dimension."""
    fit, v = make_fit(suite, "identity", "tv", shape)
    w = fit.prox(v, RHO)
    expected = prox_tv((fit.b + RHO * v) / (1 + RHO), (
        LMBD / (1 + RHO))[:, 0])
    gap = suite.regularisers.TOL * cost(fit, w, v)
    assert ((w - expected).norm(dim=1)
            <= (2 * gap / (1 + RHO[:, 0])).sqrt() + 1e-12).all()


def test_total_variation_against_primal_dual_iterations(suite):
    """Those of the solver TV, for the rows of A and those of sqrt(rho) I."""
    fit, v = make_fit(suite, "dense", "tv")
    w = fit.prox(v, RHO)
    objective = suite.make_objective()
    solver, _ = suite.make_solver("TV", objective)
    solver.n_iter = 2000
    solver.problem = {"shape": SHAPE}
    gap = suite.regularisers.TOL * cost(fit, w, v)
    for row in range(N):
        root = RHO[row].sqrt().item()
        A = np.vstack([fit.A, root * np.eye(N_PIXELS)])
        b = np.concatenate([fit.b[row], root * v[row]])[None]
        reg = LMBD[row].item() / abs(b @ A).max()
        [found] = solver.images(A, b, reg)
        assert np.linalg.norm(found - w[row].numpy()) <= (
            2 * gap[row] / RHO[row]).sqrt() + 1e-5


def test_shrink_has_no_loss(suite):
    fit, v = make_fit(suite, "dense", "box")
    torch.testing.assert_close(fit.shrink(v, RHO), v.clip(0, 1))
    fit, v = make_fit(suite, "dense", "tv", (1, 12))
    torch.testing.assert_close(
        fit.shrink(v, RHO), prox_tv(v, (LMBD / RHO)[:, 0]), atol=2e-2,
        rtol=0)


def test_total_variation_lies_above_its_subgradients(suite):
    """R(v) >= R(w) + <g, v - w>, with equality of all at v = 0."""
    fit, w = make_fit(suite, "dense", "tv")
    R, g = fit.R, fit.R.grad(w)
    for seed in range(100):
        v = random(N, N_PIXELS, seed=seed)
        assert (R.error(v) >= R.error(w) + (g * (v - w)).sum(1) - 1e-12
                ).all()
    torch.testing.assert_close((g * w).sum(1), R.error(w))
    assert (R.grad(torch.ones_like(w)) == 0).all()
