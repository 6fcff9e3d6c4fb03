"""Training as published: gradient descent with backtracking."""
import numpy as np
import pytest
import torch

from unrolling import CoupledLISTA, StepLISTA
from unrolling.training import TrainingError, fit
from unrolling.transforms import ORTHOGONAL

LMBD = 0.2


@pytest.fixture(scope="module")
def problem(make_lasso):
    """D (10, 20) of unit atoms, and x (300, 10) as a Tensor."""
    D, x = make_lasso(np.random.default_rng(0), 10, 20, 300)
    return D, torch.tensor(x)


def lasso_loss(network, x):
    """The mean loss of the last layer, not safeguarded."""
    z = network.forward(x)
    return network.loss(z).mean()


@pytest.mark.parametrize("network_class", [StepLISTA, CoupledLISTA])
def test_descent_is_gradient_descent_with_backtracking(
        problem, network_class):
    """The first accepted step is 2^-k times the gradient, and the longest of
    these that lowers the loss; each step lowers it."""
    D, x = problem
    start = network_class(D, LMBD).grow(3)
    values = {k: v.clone().requires_grad_()
              for k, v in start.named_parameters().items()}
    loss = lasso_loss(start.with_parameters(values), x)
    gradient = dict(zip(values, torch.autograd.grad(
        loss, values.values()), strict=True))

    def after(step):
        moved = {k: v.detach() - step * gradient[k]
                 for k, v in values.items()}
        moved = {k: v if "W" in k else v.clamp(min=1e-10)
                 for k, v in moved.items()}  # steps, thresholds: positive
        return lasso_loss(start.with_parameters(moved), x).item()

    step = next(2.0**-k for k in range(60) if after(2.0**-k) < loss.item())
    losses = []
    for n in (1, 2, 5, 20):
        network = network_class(D, LMBD)
        fit(network, 3, x, descent_steps=n)
        losses.append(lasso_loss(network, x).item())
        if n == 1:
            moved = network.named_parameters()
            for key, value in values.items():
                torch.testing.assert_close(
                    moved[key], value.detach() - step * gradient[key])
    assert losses == sorted(losses, reverse=True)
    assert losses[0] == pytest.approx(after(step), rel=1e-12)


def test_descent_ends_at_a_minimum(problem):
    """At T = 1 the loss has one variable: its minimum on a fine grid."""
    D, x = problem
    network = StepLISTA(D, LMBD)
    fit(network, 1, x, descent_steps=200)
    step = network.layers[0]["step"].item()
    grid = np.geomspace(0.2, 5, 2001) * step
    losses = [lasso_loss(network.with_layers(
        [{"step": torch.tensor(s)}]), x).item() for s in grid]
    assert lasso_loss(network, x).item() <= min(losses) * (1 + 1e-9)


def test_descent_goes_on_at_the_border(problem):
    """A threshold that the loss pushes to zero does not stop the others."""
    D, x = problem

    class NoThreshold(CoupledLISTA):
        def cost(self, z):
            return super().cost(z) + 50 * self.layers[0]["threshold"].sum()

    network = NoThreshold(D, LMBD)
    fit(network, 1, x, descent_steps=60)
    assert (network.layers[0]["threshold"] <= 1e-9).all()
    before, step = lasso_loss(network, x), network.layers[0]["step"]
    for factor in (0.97, 1.03):  # the step is where it is best
        other = network.with_layers([
            network.layers[0] | {"step": factor * step}])
        assert lasso_loss(other, x) > before - 1e-6


def test_descent_trains_on_all_samples(problem):
    """There is no validation set: two samples, and one, are enough."""
    D, x = problem
    network = StepLISTA(D, LMBD)
    result = fit(network, 2, x[:1], descent_steps=5)
    assert np.isnan(result.validation_loss)
    assert result.train_loss <= lasso_loss(StepLISTA(D, LMBD).grow(2), x[:1])


def test_descent_keeps_matrices_orthogonal(problem):
    """Constrained matrices move in their free variables."""
    class Rotated(StepLISTA):
        transforms = StepLISTA.transforms | {"Q": ORTHOGONAL}

        def init_layer(self, t):
            return {"Q": torch.eye(self.D.shape[1]), "step": 1 / self.L}

        def layer(self, z, Q, step):
            return super().layer(z, step) @ Q

    D, x = problem
    network = Rotated(D, LMBD)
    fit(network, 2, x, descent_steps=10)
    for layer in network.layers:
        Q = layer["Q"]
        assert not torch.equal(Q, torch.eye(len(Q), dtype=Q.dtype))
        torch.testing.assert_close(Q @ Q.T, torch.eye(len(Q), dtype=Q.dtype),
                                   rtol=0, atol=1e-12)


def test_a_start_that_is_not_finite_is_reported(problem):
    D, x = problem
    network = StepLISTA(D, LMBD)
    network.layers = [{"step": torch.tensor(1e300, dtype=torch.float64)}] * 3
    with pytest.raises(TrainingError, match="expected finite losses"):
        fit(network, 3, x, descent_steps=3)
