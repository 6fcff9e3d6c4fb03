"""Training lowers its loss, and never returns worse."""
import numpy as np
import pytest
import torch

from unrolling import training
from unrolling.lasso.network import LassoNetwork
from unrolling.prox import soft_threshold
from unrolling.stages import mean_loss
from unrolling.training import fit

LMBD = 0.2


def equal(layers, others):
    """Whether two networks' parameters are the same, bit for bit."""
    return len(layers) == len(others) and all(
        p.keys() == q.keys() and all(torch.equal(p[k], q[k]) for k in p)
        for p, q in zip(layers, others, strict=True)
    )


@pytest.mark.parametrize("layerwise", [True, False])
def test_better_than_untrained(large_batch, network_class, layerwise):
    """On the training samples, and on samples that it has not seen."""
    D, x = large_batch
    seen, unseen = x[:200], x[200:]
    network = network_class(D, LMBD)
    result = fit(network, 3, seen, layerwise=layerwise, epochs=5)
    untrained = network_class(D, LMBD).grow(3)
    assert len(network.layers) == 3
    for batch in (seen, unseen):
        assert mean_loss(network, batch) < mean_loss(untrained, batch)
    assert result.time_s > 0
    # the two losses are those of a split of the samples, 180 and 20
    mean = 0.9 * result.train_loss + 0.1 * result.validation_loss
    assert mean == pytest.approx(mean_loss(network, seen), rel=1e-12)


def test_steps_reach_a_stationary_point(large_batch, Steps):
    """One layer, one step: the derivative of the mean cost is zero."""
    D, x = large_batch
    network = Steps(D, LMBD)
    fit(network, 1, x, validation=1 / 300)
    order = torch.randperm(300, generator=torch.Generator().manual_seed(0))
    trained_on = x[order[1:]]
    losses = []
    for factor in (1 - 1e-3, 1, 1 + 1e-3):
        other = network.with_layers(network.layers)
        other.layers[0]["step"] = factor * network.layers[0]["step"]
        losses.append(mean_loss(other, trained_on))
    assert losses[1] < min(losses[0], losses[2])


def test_deeper_is_not_worse(large_batch, network_class):
    D, x = large_batch
    network, losses = network_class(D, LMBD), []
    for n_layers in (1, 2, 4):
        result = fit(network, n_layers, x[:100], epochs=3)
        losses.append(result.train_loss)
    assert (np.diff(losses) < 0).all()


@pytest.mark.parametrize("step", [1e-6, 1.0, 1e4])
def test_steps_stay_positive_from_any_start(large_batch, step, Steps):
    D, x = large_batch
    network = Steps(D, LMBD).grow(2)
    for parameters in network.layers:
        parameters["step"] = torch.tensor(
            step / network.L, dtype=torch.float64)
    fit(network, 2, x[:100])
    assert all(p["step"] > 0 for p in network.layers)


def test_supervised_lowers_its_own_loss(large_batch, network_class):
    """Targets: codes that generated the samples, or minimisers of F_x."""
    D, _ = large_batch
    generator = torch.Generator().manual_seed(1)
    codes = torch.randn(200, 20, dtype=torch.float64, generator=generator)
    codes *= torch.rand(200, 20, generator=generator) < 0.1
    x = codes @ torch.tensor(D).T
    untrained = network_class(D, LMBD).grow(3)
    solutions = torch.tensor(untrained.solve(x.numpy()))
    for target in (codes, solutions):
        network = network_class(D, LMBD)
        result = fit(network, 3, x, target, epochs=5)
        loss = mean_loss(network, x, target)
        assert loss < mean_loss(untrained, x, target)
        mean = 0.9 * result.train_loss + 0.1 * result.validation_loss
        assert mean == pytest.approx(loss, rel=1e-12)


def test_samples_and_shared_layers_are_not_changed(large_batch, Matrices):
    D, x = large_batch
    start = Matrices(D, LMBD).grow(1)
    before = [{k: v.clone() for k, v in p.items()} for p in start.layers]
    copy, network = x.clone(), start.with_layers(start.layers)
    fit(network, 2, x, epochs=2)
    assert torch.equal(x, copy)
    assert equal(start.layers, before)
    assert not any(v.requires_grad for p in network.layers
                   for v in p.values())


def test_matrices_that_cannot_help_are_not_returned(
        large_batch, monkeypatch, Matrices):
    """Steps of Adam this long only harm: what the scalars reached is kept."""
    D, x = large_batch
    network = Matrices(D, LMBD)
    result = fit(network, 2, x, learning_rate=1e3, epochs=3)
    monkeypatch.setattr(training, "fit_all", lambda *_: None)
    scalars = Matrices(D, LMBD)
    expected = fit(scalars, 2, x)
    assert result.validation_loss == expected.validation_loss
    assert equal(network.layers, scalars.layers)


def test_matrices_help_where_they_can(large_batch, monkeypatch, Matrices):
    D, x = large_batch
    network = Matrices(D, LMBD)
    result = fit(network, 2, x, epochs=30)
    monkeypatch.setattr(training, "fit_all", lambda *_: None)
    expected = fit(Matrices(D, LMBD), 2, x)
    assert result.validation_loss < expected.validation_loss
    assert result.train_loss < expected.train_loss


def test_decay_draws_matrices_to_the_untrained(large_batch, Matrices):
    """The more, the nearer."""
    D, x = large_batch
    distances = []
    for decay in (0, 0.3, 1):
        network = Matrices(D, LMBD)
        fit(network, 1, x, epochs=10, patience=10, decay=decay)
        distances.append((network.layers[0]["W"] - network.D).norm().item())
    assert distances[0] > distances[1] > distances[2] > 0


def test_scalars_only_skip_adam(large_batch, monkeypatch, Steps):
    monkeypatch.delattr(training, "fit_all")
    D, x = large_batch
    fit(Steps(D, LMBD), 2, x[:50])


class Shared(LassoNetwork):
    """One matrix and one scale for all layers, and a step for each."""

    def init_shared(self):
        return {"W": self.D, "scale": 1.0}

    def init_layer(self, t):
        return {"step": 1 / self.L}

    def layer(self, z, W, scale, step):
        step = scale * step
        return soft_threshold(z - step * (self.residual(z) @ W),
                              step * self.lmbd)


def test_shared_parameters_are_trained_once(large_batch):
    D, x = large_batch
    network = Shared(D, LMBD).grow(3)
    untrained = mean_loss(network, x[200:])
    assert network.n_parameters == 10 * 20 + 1 + 3
    fit(network, 3, x[:200], epochs=3)
    assert mean_loss(network, x[200:]) < untrained
    assert not torch.equal(network.shared["W"], torch.tensor(D))
    assert network.shared["scale"] != 1
    assert [*network.layers[0]] == ["step"]
    assert network.n_parameters == 10 * 20 + 1 + 3
    # a new layer leaves them as they are, until all is fitted
    W = network.shared["W"]
    assert network.grow(4).shared["W"] is W


def test_a_network_may_have_a_loss_of_its_own(large_batch, Steps):
    class NearTargets(Steps):
        """The largest error, and the cost without targets."""

        def loss(self, z, target=None):
            if target is None:
                return super().loss(z)
            return (z - target).abs().amax(dim=1)

    D, x = large_batch
    network = NearTargets(D, LMBD)
    target = torch.tensor(network.solve(x))
    network.guarded = False
    result = fit(network, 2, x, target)
    errors = (network(x) - target).abs().amax(dim=1)
    losses = 0.9 * result.train_loss + 0.1 * result.validation_loss
    assert losses == pytest.approx(errors.mean().item(), rel=1e-12)
    assert losses < (Steps(D, LMBD).grow(2)(x) - target).abs().amax(
        dim=1).mean()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_perturbed_layers(large_batch, dtype, Matrices):
    """The noise has its size, is new in each layer, and the same in single
    precision and at another depth; only matrices have it."""
    D, _ = large_batch
    network = Matrices(D, LMBD).to(dtype=dtype)
    network.perturbation = 0.2
    layers = network.grow(3).layers
    again = network.with_layers([]).grow(2).layers
    assert equal(layers[:2], again)
    noise = [layer["W"].double().numpy() - D for layer in layers]
    for one in noise:
        assert np.linalg.norm(one) == pytest.approx(
            0.2 * np.linalg.norm(D), rel=1e-5)
    assert abs((noise[0] * noise[1]).sum()) < 0.5 * (noise[0] ** 2).sum()
    double = Matrices(D, LMBD)
    double.perturbation = 0.2
    np.testing.assert_allclose(
        layers[0]["W"].double(), double.grow(1).layers[0]["W"], atol=1e-6)
    assert layers[0]["step"].item() == pytest.approx(1 / network.L)
