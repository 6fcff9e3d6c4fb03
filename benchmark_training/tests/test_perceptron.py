"""Gradients, against finite differences and automatic differentiation."""
import numpy as np
import pytest
import torch


@pytest.fixture(params=["tanh", "leaky_relu"])
def network(request, suite):
    activation = getattr(suite.perceptron, request.param)
    return suite.perceptron.Perceptron((3, 5, 4, 2), activation)


def torch_output(network, theta, x):
    activation = {
        "tanh": torch.tanh,
        "leaky_relu": lambda v: torch.nn.functional.leaky_relu(v, 0.2),
    }[network.activation.__name__]
    *hidden, last = network.shapes
    for weights, biases, end, shape in hidden:
        x = activation(x @ theta[weights:biases].view(shape)
                       + theta[biases:end])
    weights, biases, end, shape = last
    return x @ theta[weights:biases].view(shape) + theta[biases:end]


def test_gradients_are_those_of_torch(suite, network):
    rng = np.random.default_rng(0)
    theta = rng.standard_normal(network.n_parameters)
    x, v = rng.standard_normal((7, 3)), rng.standard_normal((7, 2))
    forward = suite.perceptron.Forward(network, theta, x)
    theta_t, x_t = (torch.tensor(a, requires_grad=True) for a in (theta, x))
    output = torch_output(network, theta_t, x_t)
    gradients = torch.autograd.grad((output * torch.tensor(v)).sum(),
                                    (theta_t, x_t))
    for ours, theirs in zip(
            (forward.output, forward.gradient(v), forward.input_gradient(v)),
            (output.detach(), *gradients), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def test_layers_are_views(suite, network):
    """Of all parameters, each once."""
    theta = np.zeros(network.n_parameters)
    for W, b in network.layers(theta):
        W += 1
        b += 1
    assert (theta == 1).all()
    assert network.start(np.random.default_rng(0)).shape == theta.shape


def finite_difference(function, theta, direction, h):
    return (function(theta + h * direction)
            - function(theta - h * direction)) / (2 * h)


@pytest.mark.parametrize("data", ["Toy-regression", "Digits"])
def test_gradient_of_fits(suite, data):
    """f, F and their gradients agree; central differences in double are
    accurate to about eps^(2/3) of the curvature's scale."""
    task = suite.make_objective(data).task
    rng = np.random.default_rng(1)
    theta = task.start + 0.1 * rng.standard_normal(task.start.shape)
    direction = rng.standard_normal(theta.shape)
    direction /= np.linalg.norm(direction)
    value, gradient = task.value_and_gradient(theta)
    f, g = task.objective(theta)
    assert value == pytest.approx(f + g, rel=1e-13)
    for function, slope in (
            (lambda t: task.value_and_gradient(t)[0], gradient),
            (lambda t: task.objective(t)[0], task.loss_gradient(theta))):
        difference = finite_difference(function, theta, direction, 1e-5)
        assert difference == pytest.approx(slope @ direction, rel=1e-6)
    np.testing.assert_allclose(
        gradient, task.gradient(theta), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("data", ["Toy-regression", "Digits"])
def test_batches_are_unbiased(suite, data):
    """The mean of the batches of a partition is the full gradient."""
    task = suite.make_objective(data).task
    rows = np.arange(task.n_samples // 2 * 2).reshape(2, -1)
    task_rows = np.concatenate(rows)
    halves = [task.loss_gradient(task.start, part) for part in rows]
    np.testing.assert_allclose(
        np.mean(halves, axis=0), task.loss_gradient(task.start, task_rows),
        rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("loss", ["Logits", "Probabilities"])
def test_gradients_of_the_game(suite, loss):
    task = suite.make_objective("Ring").task
    part = getattr(suite.adversarial, loss)
    rng = np.random.default_rng(2)
    x, z = task.draw(rng, "float64")
    theta_g, theta_d = (
        t + 0.1 * rng.standard_normal(t.shape) for t in task.start)

    def check(function, slope, theta):
        direction = rng.standard_normal(theta.shape)
        direction /= np.linalg.norm(direction)
        difference = finite_difference(function, theta, direction, 1e-6)
        assert difference == pytest.approx(slope @ direction, rel=1e-5)

    for one in (part.real, part.fake):
        check(lambda t, one=one: one(task.D(t, x))[0].mean(),
              task.slope_of_part(one, theta_d, x), theta_d)
    check(lambda t: part.real(task.D(theta_d, task.G(t, z)))[0].mean(),
          task.slope_of_generator(part.real, theta_g, theta_d, z), theta_g)


@pytest.mark.parametrize("name", ["real", "fake"])
def test_both_losses_are_the_same_function(suite, name):
    """Where nothing overflows; the derivative is that of the value."""
    a = np.linspace(-15, 15, 61)
    logits, probabilities = (
        getattr(getattr(suite.adversarial, loss), name)(a)
        for loss in ("Logits", "Probabilities"))
    for one, other in zip(logits, probabilities, strict=True):
        # 1 - p loses up to exp(15) of the digits
        np.testing.assert_allclose(other, one, rtol=1e-9)
    value, slope = logits
    np.testing.assert_allclose(
        np.gradient(value, a, edge_order=2)[5:-5], slope[5:-5], atol=0.02)


def test_probabilities_underflow_in_float32(suite):
    """log p is -inf below -89, and its derivative no number, where the logits
    are exact; and log(1 - p) above 17."""
    losses = suite.adversarial
    for name, a in (("real", -100), ("fake", 20)):
        a = np.array([a], "float32")
        with np.errstate(all="ignore"):
            value, slope = getattr(losses.Probabilities, name)(a)
        assert np.isinf(value).all()
        assert np.isnan(slope).all()
        value, slope = getattr(losses.Logits, name)(a)
        assert value == pytest.approx(abs(a), rel=1e-6)
        assert abs(slope) == pytest.approx(1, rel=1e-6)


def test_squared_error_and_cross_entropy(suite):
    """Against their formulas, also for large outputs."""
    output = np.array([[1.0], [3.0]])
    value, slope = suite.fits.squared_error(output, np.array([0.0, 5.0]))
    assert value == 5
    np.testing.assert_array_equal(slope, [[2], [-4]])
    output = np.array([[1000.0, 0.0], [0.0, 0.0]])
    value, slope = suite.fits.cross_entropy(output, np.array([1, 0]))
    assert value == pytest.approx(1000 + np.log(2))
    np.testing.assert_allclose(slope, [[1, -1], [-0.5, 0.5]], atol=1e-12)
