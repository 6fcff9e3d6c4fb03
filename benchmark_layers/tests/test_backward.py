"""What each method takes for J'dx, by finite differences and in the limit."""
import pytest
import torch

NAMES = ["simplex", "entropy", "ranking", "portfolio", "l1"]
each_problem = pytest.mark.parametrize("name", NAMES)
SMALL_TAU = 1e-6
"""Piecewise linear layers have no error in it, but rounding over it."""


def backward(suite, method, objective, **parameters):
    """w, x*(w), dx and the method's dw at the start."""
    solver = suite.started(method, objective, **parameters)
    _, _, dw, dx = solver.last
    w = objective.model(objective.theta_start, objective.train[0])
    return w, objective.layer.solve(w), dx, dw


def slope(function, w, eps=1e-6, seed=0):
    """The derivative of a function of rows along a direction, and that."""
    d = torch.randn(w.shape, dtype=w.dtype,
                    generator=torch.Generator().manual_seed(seed))
    return (function(w + eps * d) - function(w - eps * d)) / (2 * eps), d


def assert_is_gradient(dw, function, w):
    """dw is the gradient of each row of a function, by finite differences."""
    expected, d = slope(function, w)
    torch.testing.assert_close(
        (dw * d).sum(1), expected, rtol=1e-4,
        atol=1e-5 * max(1.0, expected.abs().max().item()))


@each_problem
def test_implicit_gradient_is_that_of_the_training_loss(suite, name):
    """In theta, by finite differences of the objective's own losses."""
    objective = suite.make_objective(name, n_train=30)
    theta = objective.theta_start
    theta = theta + 0.1 * torch.linspace(-1, 1, theta.numel()).to(
        theta).reshape(theta.shape)

    def loss(theta):
        return objective.losses(theta, *objective.train).mean()

    change, d = slope(loss, theta)
    assert abs(change) > 1e-4
    assert (objective.gradient(theta) * d).sum().item() == pytest.approx(
        change, rel=1e-4)


@each_problem
def test_implicit_is_the_exact_gradient(suite, name):
    objective = suite.make_objective(name)
    result = suite.started("Implicit", objective, 3).get_result()
    metrics = objective.evaluate_result(**result)
    assert metrics["gradient_distance"] == 0
    assert metrics["gradient_cosine"] == pytest.approx(1)


@each_problem
@pytest.mark.parametrize("variant", ["lower", "upper", "average"])
def test_lpgd_tends_to_the_adjoint(suite, name, variant):
    objective = suite.make_objective(name)
    w, here, dx, dw = backward(
        suite, "LPGD", objective, variant=variant, tau=SMALL_TAU)
    exact = objective.layer.adjoint(w, here, dx)
    scale = max(1.0, dx.abs().max().item() ** 2)
    error = 1e-13 / SMALL_TAU + SMALL_TAU * scale * (name == "entropy")
    torch.testing.assert_close(dw, exact, rtol=0, atol=10 * error)


@pytest.mark.parametrize(("variant", "order"), [
    ("lower", 1), ("upper", 1), ("average", 2)])
def test_order_of_lpgd_in_tau(suite, variant, order):
    """On the smooth layer; the constants are those of its derivatives."""
    objective = suite.make_objective("entropy")
    errors = []
    for tau in (1e-2, 1e-3):
        w, here, dx, dw = backward(
            suite, "LPGD", objective, variant=variant, tau=tau)
        errors.append((dw - objective.layer.adjoint(w, here, dx)).norm())
    assert torch.log10(errors[0] / errors[1]).item() == pytest.approx(
        order, abs=0.05)


@pytest.mark.parametrize("name", ["simplex", "ranking", "portfolio", "l1"])
@pytest.mark.parametrize("rho", [0.0, 0.7])
def test_lpgd_is_the_gradient_of_its_envelope(suite, name, rho):
    """tau times the lower envelope: min L + tau <dx, x> + rho/2 ||x - c||^2
    minus min L, with dx and c = x* kept as they are."""
    objective, tau = suite.make_objective(name), 0.5
    layer = objective.layer
    for variant, sign in (("lower", 1), ("upper", -1)):
        w, here, dx, dw = backward(
            suite, "LPGD", objective, variant=variant, tau=tau, rho=rho)

        def envelope(w, dx=dx, sign=sign, center=here.x):
            x = layer.solve(w, sign * tau * dx, rho, center).x
            least = layer.value(x, w) + sign * tau * (dx * x).sum(
                1) + rho / 2 * ((x - center) ** 2).sum(1)
            return sign * (least - layer.value(layer.solve(w).x, w))

        assert_is_gradient(tau * dw, envelope, w)


def test_average_is_the_mean_of_both(suite):
    for name in NAMES:
        objective = suite.make_objective(name)
        lower, upper, average = (backward(
            suite, "LPGD", objective, variant=variant)[-1]
            for variant in ("lower", "upper", "average"))
        torch.testing.assert_close(average, (lower + upper) / 2)


def test_lower_is_blackbox_differentiation(suite):
    """(x*(w) - x*(w - tau dx)) / tau, for layers that are linear in w."""
    for name in ("simplex", "entropy", "ranking", "portfolio"):
        objective, tau = suite.make_objective(name), 0.5
        w, here, dx, dw = backward(
            suite, "LPGD", objective, variant="lower", tau=tau)
        torch.testing.assert_close(
            dw, (objective.layer.solve(w - tau * dx).x - here.x) / -tau)


def test_limit_of_augmented_lpgd_is_damped(suite):
    """By gamma / (gamma + rho) on a set: not the exact derivative."""
    for name in ("simplex", "ranking"):
        objective, rho = suite.make_objective(name), 3.0
        w, here, dx, dw = backward(
            suite, "LPGD", objective, variant="lower", tau=SMALL_TAU, rho=rho)
        exact = objective.layer.adjoint(w, here, dx)
        assert exact.abs().max() > 0.1
        torch.testing.assert_close(
            dw, exact / (1 + rho), rtol=0, atol=1e-12 / SMALL_TAU)


def test_small_tau_is_blind_at_vertices(suite):
    """Both derivative and LPGD are 0 there; a larger tau sees beyond."""
    objective = suite.make_objective("vertex")
    w, here, dx, small = backward(suite, "LPGD", objective, tau=SMALL_TAU)
    vertex = here.x.amax(1) == 1
    assert vertex.double().mean() > 0.5
    assert not objective.layer.adjoint(w, here, dx)[vertex].any()
    assert not small[vertex].any()
    *_, large = backward(suite, "LPGD", objective, tau=3.0)
    assert (dx[vertex].norm(dim=1) * large[vertex].norm(dim=1)).max() > 0.1


@pytest.mark.parametrize("name", ["simplex", "ranking", "portfolio", "l1"])
def test_fenchel_young_is_the_gradient_of_its_loss(suite, name):
    objective = suite.make_objective(name)
    layer = objective.layer
    target = objective.loss.solutions(objective.train[1], layer.solve)
    w, _, _, dw = backward(suite, "Fenchel-Young", objective)

    def loss(w):
        return layer.value(target, w) - layer.value(layer.solve(w).x, w)

    assert (loss(w) >= -1e-12).all()
    assert_is_gradient(dw, loss, w)


def test_spo_plus_is_the_gradient_of_a_bound_of_the_regret(suite):
    objective = suite.make_objective("portfolio")
    layer, right = objective.layer, objective.loss.inputs(objective.train[1])
    best = layer.solve(right).x
    w, here, _, dw = backward(suite, "SPO-plus", objective)

    def bound(w):
        far = layer.solve(2 * w - right).x
        return 2 * layer.value(best, w) - layer.value(best, right) - (
            layer.value(far, 2 * w - right))

    regret = objective.loss(here.x, objective.train[1])
    assert (regret >= -1e-12).all()
    assert (bound(w) >= regret - 1e-12).all()
    assert_is_gradient(dw, bound, w)


def test_smoothing_tends_to_the_adjoint_with_many_draws(suite):
    """Its error is that of the mean of 4000 draws, at most n_dim^2 each."""
    objective = suite.make_objective("entropy", n_train=6)
    w, here, dx, dw = backward(
        suite, "Random-smoothing", objective, sigma=1e-3, n_draws=4000)
    exact = objective.layer.adjoint(w, here, dx)
    error = (dw - exact).norm(dim=1) / exact.norm(dim=1)
    assert error.max() < 4 * (w.shape[1] / 4000) ** 0.5


@pytest.mark.parametrize("name", ["entropy", "portfolio", "l1"])
def test_long_unrolling_is_exact(suite, name):
    """Mirror descent on the simplex is slow near a kink, see test_layers."""
    objective = suite.make_objective(name)
    w, here, dx, dw = backward(suite, "Unrolled", objective, n_iter=1000)
    torch.testing.assert_close(
        dw, objective.layer.adjoint(w, here, dx), rtol=0, atol=1e-5)
