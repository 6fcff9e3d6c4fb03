"""What training refuses or reports, and then leaves as it was."""
import numpy as np
import pytest
import torch

from unrolling.training import TrainingError, fit

LMBD = 0.2


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_bad_samples_are_reported(large_batch, network_class, bad):
    D, x = large_batch
    x = x[:50].clone()
    x[7, 3] = bad
    network = network_class(D, LMBD)
    with pytest.raises(ValueError, match=r"x must be finite.* rows \[7\]"):
        fit(network, 2, x, epochs=1)
    assert network.layers == []


def test_a_failed_training_leaves_the_network_as_it_was(
        large_batch, network_class):
    """Its layers, too, which training had deepened."""
    D, x = large_batch
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
        ("max_iter", 2.5), ("epochs", -3), ("batch_size", 0),
        ("cycles", 0), ("max_steps", 0)]),
    ({"x": torch.ones(5)}, r"x must have shape \(n_samples, 10\), got \(5,\)"),
    ({"x": torch.ones(5, 3)}, r"x must have shape .* got \(5, 3\)"),
    ({"target": torch.ones(50, 10)}, r"target must .* \(50, 20\), got shape "
     r"\(50, 10\)"),
    ({"target": torch.full((50, 20), np.nan)}, "with 1000 NaN"),
])
def test_what_does_not_fit_is_refused(large_batch, changes, message, Steps):
    D, x = large_batch
    arguments = {"n_layers": 1, "x": x[:50]} | changes
    with pytest.raises(ValueError, match=message):
        fit(Steps(D, LMBD), **arguments)


def test_trained_layers_are_not_dropped(large_batch, Steps):
    D, x = large_batch
    network = Steps(D, LMBD).grow(3)
    with pytest.raises(ValueError, match="n_layers must be 3 at least, the "
                       ".* got n_layers=2: train a new network"):
        fit(network, 2, x[:50])
    assert len(network.layers) == 3


def test_numbers_of_numpy_are_whole_numbers(large_batch, Steps):
    D, x = large_batch
    network = Steps(D, LMBD)
    fit(network, np.int64(2), x[:50], max_iter=np.int32(1))
    assert len(network.layers) == 2


def test_a_cost_that_diverges_is_reported(large_batch, monkeypatch, Steps):
    D, x = large_batch
    monkeypatch.setattr(Steps, "cost",
                        lambda self, z: z.sum(dim=1) / 0)
    with pytest.raises(TrainingError, match="Steps with 1 layers"):
        fit(Steps(D, LMBD), 2, x[:50])


@pytest.mark.parametrize("n_samples", [0, 1])
def test_too_few_samples(large_batch, n_samples, Steps):
    D, x = large_batch
    with pytest.raises(ValueError, match="at least 2 samples.* "
                       f"got {n_samples}: generate more"):
        fit(Steps(D, LMBD), 1, x[:n_samples])


@pytest.mark.parametrize(("n_samples", "epochs"), [
    (2, 0), (2, 1), (2, 2), (40, 9), (300, 3), (40, 10),
])
def test_few_samples_and_passes(large_batch, n_samples, epochs, Matrices):
    D, x = large_batch
    network = Matrices(D, LMBD)
    result = fit(network, 1, x[:n_samples], epochs=epochs)
    assert np.isfinite(result).all()


def test_steps_that_overflow_from_the_start_are_reported(large_batch, Steps):
    """Not returned, though the guarded network hides them."""
    D, x = large_batch

    class Wild(Steps):
        def init_layer(self, t):
            return {"step": 1e200}

    with pytest.raises(TrainingError, match="expected finite losses"):
        fit(Wild(D, LMBD), 2, x)
