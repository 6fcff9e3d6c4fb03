"""Training: it lowers its loss, reproducibly, and never returns worse."""
import numpy as np
import pytest
import torch

from unrolling import stages, training
from unrolling.lasso import lipschitz
from unrolling.lasso.network import LassoNetwork
from unrolling.prox import soft_threshold
from unrolling.stages import mean_loss
from unrolling.training import TrainingError, fit

LMBD = 0.2


class Steps(LassoNetwork):
    """One learned step per layer: scalars only."""

    def init_layer(self, t):
        return {"step": 1 / self.L}

    def layer(self, z, step):
        return soft_threshold(z - step * self.grad(z), step * self.lmbd)


class Matrices(LassoNetwork):
    """A step, a matrix and a threshold per atom in each layer."""

    def init_layer(self, t):
        return {"step": 1 / self.L, "W": self.D,
                "threshold": [self.lmbd] * self.D.shape[1]}

    def layer(self, z, step, W, threshold):
        return soft_threshold(z - step * (self.residual(z) @ W),
                              step * threshold)


NETWORKS = pytest.mark.parametrize("network_class", [Steps, Matrices])


@pytest.fixture(scope="module")
def problem(make_lasso):
    """D (10, 20) of unit atoms, and x (300, 10) as a Tensor."""
    D, x = make_lasso(np.random.default_rng(0), 10, 20, 300)
    return D, torch.tensor(x)


def equal(layers, others):
    """Whether two networks' parameters are the same, bit for bit."""
    return len(layers) == len(others) and all(
        p.keys() == q.keys() and all(torch.equal(p[k], q[k]) for k in p)
        for p, q in zip(layers, others, strict=True)
    )


@NETWORKS
@pytest.mark.parametrize("layerwise", [True, False])
def test_better_than_untrained(problem, network_class, layerwise):
    """On the training samples, and on samples that it has not seen."""
    D, x = problem
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


def test_steps_reach_a_stationary_point(problem):
    """One layer, one step: the derivative of the mean cost is zero."""
    D, x = problem
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


@NETWORKS
def test_deeper_is_not_worse(problem, network_class):
    D, x = problem
    network, losses = network_class(D, LMBD), []
    for n_layers in (1, 2, 4):
        result = fit(network, n_layers, x[:100], epochs=3)
        losses.append(result.train_loss)
    assert (np.diff(losses) < 0).all()


@pytest.mark.parametrize("step", [1e-6, 1.0, 1e4])
def test_steps_stay_positive_from_any_start(problem, step):
    D, x = problem
    network = Steps(D, LMBD).grow(2)
    for parameters in network.layers:
        parameters["step"] = torch.tensor(
            step / network.L, dtype=torch.float64)
    fit(network, 2, x[:100])
    assert all(p["step"] > 0 for p in network.layers)


@NETWORKS
def test_supervised_lowers_its_own_loss(problem, network_class):
    """Targets: codes that generated the samples, or minimisers of F_x."""
    D, _ = problem
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


def difference(layers, others):
    """The largest relative one between the parameters of two networks."""
    return max((p[k] - q[k]).norm().item() / q[k].norm().item()
               for p, q in zip(layers, others, strict=True) for k in p)


SAME = 1e-6
"""Bound on the difference of two trainings by the same numbers: their last
bit may depend on where arrays lie in memory, and L-BFGS and Adam carry it on.
Those by others differ by more than a hundred times that."""


@NETWORKS
def test_same_seed_same_network(problem, network_class):
    D, x = problem

    def train(seed):
        network = network_class(D, LMBD)
        result = fit(network, 2, x[:100], epochs=3, seed=seed)
        return network.layers, result[1:]

    state = torch.random.get_rng_state()
    (layers, losses), (again, same_losses) = train(7), train(7)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert difference(layers, again) <= SAME
    assert losses == pytest.approx(same_losses, rel=SAME)
    assert difference(layers, train(8)[0]) > 100 * SAME


def test_global_seeds_do_not_matter(problem):
    D, x = problem
    results = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        network = Matrices(D, LMBD)
        fit(network, 1, x[:100], epochs=2)
        results.append(network.layers)
    assert difference(*results) <= SAME


def test_samples_and_shared_layers_are_not_changed(problem):
    D, x = problem
    start = Matrices(D, LMBD).grow(1)
    before = [{k: v.clone() for k, v in p.items()} for p in start.layers]
    copy, network = x.clone(), start.with_layers(start.layers)
    fit(network, 2, x, epochs=2)
    assert torch.equal(x, copy)
    assert equal(start.layers, before)
    assert not any(v.requires_grad for p in network.layers
                   for v in p.values())


def test_matrices_that_cannot_help_are_not_returned(problem, monkeypatch):
    """Steps of Adam this long only harm: what the scalars reached is kept."""
    D, x = problem
    network = Matrices(D, LMBD)
    result = fit(network, 2, x, learning_rate=1e3, epochs=3)
    monkeypatch.setattr(training, "fit_all", lambda *_: None)
    scalars = Matrices(D, LMBD)
    expected = fit(scalars, 2, x)
    assert result.validation_loss == expected.validation_loss
    assert equal(network.layers, scalars.layers)


def test_matrices_help_where_they_can(problem, monkeypatch):
    D, x = problem
    network = Matrices(D, LMBD)
    result = fit(network, 2, x, epochs=30)
    monkeypatch.setattr(training, "fit_all", lambda *_: None)
    expected = fit(Matrices(D, LMBD), 2, x)
    assert result.validation_loss < expected.validation_loss
    assert result.train_loss < expected.train_loss


def test_decay_draws_matrices_to_the_untrained(problem):
    """The more, the nearer."""
    D, x = problem
    distances = []
    for decay in (0, 0.3, 1):
        network = Matrices(D, LMBD)
        fit(network, 1, x, epochs=10, patience=10, decay=decay)
        distances.append((network.layers[0]["W"] - network.D).norm().item())
    assert distances[0] > distances[1] > distances[2] > 0


def test_scalars_only_skip_adam(problem, monkeypatch):
    monkeypatch.delattr(training, "fit_all")
    D, x = problem
    fit(Steps(D, LMBD), 2, x[:50])


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@NETWORKS
def test_bad_samples_are_reported(problem, network_class, bad):
    D, x = problem
    x = x[:50].clone()
    x[7, 3] = bad
    network = network_class(D, LMBD)
    with pytest.raises(ValueError, match=r"x must be finite.* rows \[7\]"):
        fit(network, 2, x, epochs=1)
    assert network.layers == []


@NETWORKS
def test_a_failed_training_leaves_the_network_as_it_was(
        problem, network_class):
    """Its layers, too, which training had deepened."""
    D, x = problem
    network = network_class(D, LMBD)
    fit(network, 1, x[:50], epochs=1)
    before = network.named_parameters()
    with pytest.raises(TrainingError, match="expected finite losses, got .*"
                       "nothing is kept"):
        fit(network, 3, 1e200 * x[:50], epochs=1)
    after = network.named_parameters()
    assert before.keys() == after.keys()
    assert all(torch.equal(before[key], after[key]) for key in before)


@pytest.mark.parametrize(("changes", "message"), [
    *(({name: value}, f"{name} must be a.* got {name}=") for name, value in [
        ("n_layers", 0), ("n_layers", 2.0),
        ("decay", -3), ("decay", 1.5), ("learning_rate", -1.0),
        ("learning_rate", np.nan), ("patience", -1), ("validation", -0.5),
        ("validation", 1.5), ("descent_steps", -1), ("max_iter", -3),
        ("max_iter", 2.5), ("epochs", -3), ("batch_size", 0)]),
    ({"x": torch.ones(5)}, r"x must have shape \(n_samples, 10\), got \(5,\)"),
    ({"x": torch.ones(5, 3)}, r"x must have shape .* got \(5, 3\)"),
    ({"target": torch.ones(50, 10)}, r"target must .* \(50, 20\), got shape "
     r"\(50, 10\)"),
    ({"target": torch.full((50, 20), np.nan)}, "with 1000 NaN"),
])
def test_what_does_not_fit_is_refused(problem, changes, message):
    D, x = problem
    arguments = {"n_layers": 1, "x": x[:50]} | changes
    with pytest.raises(ValueError, match=message):
        fit(Steps(D, LMBD), **arguments)


def test_trained_layers_are_not_dropped(problem):
    D, x = problem
    network = Steps(D, LMBD).grow(3)
    with pytest.raises(ValueError, match="n_layers must be 3 at least, the "
                       ".* got n_layers=2: train a new network"):
        fit(network, 2, x[:50])
    assert len(network.layers) == 3


def test_numbers_of_numpy_are_whole_numbers(problem):
    D, x = problem
    network = Steps(D, LMBD)
    fit(network, np.int64(2), x[:50], max_iter=np.int32(1))
    assert len(network.layers) == 2


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


def test_shared_parameters_are_trained_once(problem):
    D, x = problem
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


class NearTargets(Steps):
    """A loss of its own: the largest error, and the cost without targets."""

    def loss(self, z, target=None):
        if target is None:
            return super().loss(z)
        return (z - target).abs().amax(dim=1)


def test_a_network_may_have_a_loss_of_its_own(problem):
    D, x = problem
    network = NearTargets(D, LMBD)
    target = torch.tensor(network.solve(x))
    network.guarded = False
    result = fit(network, 2, x, target)
    errors = (network(x) - target).abs().amax(dim=1)
    losses = 0.9 * result.train_loss + 0.1 * result.validation_loss
    assert losses == pytest.approx(errors.mean().item(), rel=1e-12)
    assert losses < (Steps(D, LMBD).grow(2)(x) - target).abs().amax(
        dim=1).mean()


def test_a_cost_that_diverges_is_reported(problem, monkeypatch):
    D, x = problem
    monkeypatch.setattr(Steps, "cost",
                        lambda self, z: z.sum(dim=1) / 0)
    with pytest.raises(TrainingError, match="Steps with 1 layers"):
        fit(Steps(D, LMBD), 2, x[:50])


@pytest.mark.parametrize("n_samples", [0, 1])
def test_too_few_samples(problem, n_samples):
    D, x = problem
    with pytest.raises(ValueError, match="at least 2 samples.* "
                       f"got {n_samples}: generate more"):
        fit(Steps(D, LMBD), 1, x[:n_samples])


@pytest.mark.parametrize(("n_samples", "epochs"), [
    (2, 0), (2, 1), (2, 2), (40, 9), (300, 3), (40, 10),
])
def test_few_samples_and_passes(problem, n_samples, epochs):
    D, x = problem
    network = Matrices(D, LMBD)
    result = fit(network, 1, x[:n_samples], epochs=epochs)
    assert np.isfinite(result).all()


def test_silent_where_there_is_no_terminal(problem, capfd):
    D, x = problem
    fit(Matrices(D, LMBD), 1, x[:50], epochs=2)
    assert capfd.readouterr() == ("", "")


def test_the_sum_over_chunks_is_exact(problem, monkeypatch):
    D, x = problem
    steps = []
    for chunk in (7, 1000):
        monkeypatch.setattr(stages, "CHUNK", chunk)
        network = Steps(D, LMBD)
        fit(network, 1, x)
        steps.append(network.layers[0]["step"].item() * lipschitz(D))
    # L-BFGS ends where the loss is flat to 1e-15: the step to 1e-7 or so
    assert steps[0] == pytest.approx(steps[1], rel=1e-6)


def test_steps_that_overflow_from_the_start_are_reported(problem):
    """Not returned, though the guarded network hides them."""
    D, x = problem

    class Wild(Steps):
        def init_layer(self, t):
            return {"step": 1e200}

    with pytest.raises(TrainingError, match="expected finite losses"):
        fit(Wild(D, LMBD), 2, x)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_perturbed_layers(problem, dtype):
    """The noise has its size, is new in each layer, and the same in single
    precision and at another depth; only matrices have it."""
    D, _ = problem
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
