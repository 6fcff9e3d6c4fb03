"""Metrics are what they say, and bad data are refused."""
import numpy as np
import pytest
import torch
from benchopt import BaseDataset


def test_losses_are_means_over_samples(suite):
    objective = suite.make_objective()
    theta = objective.theta_start.numpy()
    metrics = objective.evaluate_result(theta)
    for name, (phi, target) in (("train_loss", objective.train),
                                ("test_loss", objective.test)):
        x = objective.layer.solve(phi @ objective.theta_start.T).x
        assert metrics[name] == pytest.approx(
            ((x - target) ** 2).sum(1).mean().item())
    assert metrics["value"] == metrics["train_loss"]


def test_gradients_are_compared(suite):
    objective = suite.make_objective()
    theta = objective.theta_start.numpy()
    exact = objective.gradient(objective.theta_start).numpy()
    norm = np.linalg.norm(exact)
    for factor, cosine in ((1.0, 1), (3.0, 1), (-1.0, -1), (0.0, 0)):
        metrics = objective.evaluate_result(
            theta, theta_last=theta, gradient=factor * exact)
        assert metrics["exact_norm"] == pytest.approx(norm)
        assert metrics["gradient_distance"] == pytest.approx(
            abs(factor - 1) * norm)
        assert metrics["gradient_cosine"] == pytest.approx(cosine)


def test_theta_that_is_not_a_number_costs_infinity(suite):
    objective = suite.make_objective()
    theta = np.full(objective.theta_start.shape, np.nan)
    assert objective.evaluate_result(theta)["value"] == np.inf


def test_samples_are_written_if_asked_for(suite, monkeypatch, tmp_path):
    objective = suite.make_objective()
    theta = objective.theta_start.numpy()
    assert "samples" not in objective.evaluate_result(theta)
    monkeypatch.setenv("UNROLLING_SAMPLES", "1")
    monkeypatch.setenv("BENCHOPT_CACHE", str(tmp_path))
    metrics = objective.evaluate_result(theta)
    with np.load(metrics["samples"]) as samples:
        assert {k: len(v) for k, v in samples.items()} == {
            "train_loss": 12, "test_loss": 5}
        for name, values in samples.items():
            assert values.mean() == pytest.approx(metrics[name])


class TensorLayer:
    """What returns x alone."""

    n_inputs, grad, adjoint = 10, None, None

    def solve(self, w):
        return w


BAD = {
    "rows": ({"phi_train": np.ones((3, 5))}, "one row for each"),
    "empty": ({"phi_test": np.ones((0, 5)), "target_test": np.ones((0, 10))},
              "one row for each"),
    "NaN": ({"target_train": np.full((12, 10), np.nan)}, "must be finite"),
    "start": ({"theta_start": np.ones((9, 5))}, "n_inputs"),
    "features": ({"theta_start": np.ones((10, 4))}, "shapes that fit"),
    "targets": ({"target_test": np.ones((5, 3))}, "shapes that fit"),
    "loss": ({"loss": lambda x, target: (x - target)**2}, "one number for"),
    "layer": ({"layer": object()}, "layer must have n_inputs, solve"),
    "solution": ({"layer": TensorLayer()},
                 r"layer.solve\(w\) must return a Solution, got Tensor"),
    "no loss": ({"loss": lambda x, target: None},
                r"loss\(x, target\) must return a Tensor, got NoneType"),
    "numpy": ({"model": lambda theta, phi: np.ones((len(phi), 10))},
              r"model\(theta_start, phi\) must return a Tensor, got ndarray"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_data_are_refused(suite, kind):
    changes, message = BAD[kind]

    class Changed(BaseDataset):
        name = "Changed"

        def get_data(self):
            return suite.make_dataset(
                "Simplex", n_train=12, n_test=5).get_data() | changes

    with pytest.raises(ValueError, match=message):
        suite.load(suite.make_dataset(Changed))


def test_max_iter_is_checked(suite):
    with pytest.raises(ValueError, match="max_iter must be an integer >= 1"):
        suite.load(
            suite.make_dataset("Simplex"), max_iter=0)


def test_hindsight_is_computed_with_targets(suite):
    """The regret of the right input is 0, that of others is not."""
    objective = suite.make_objective("portfolio")
    layer, (_, target) = objective.layer, objective.train
    right = objective.loss.inputs(target)
    torch.testing.assert_close(
        objective.loss(layer.solve(right).x, target),
        torch.zeros(len(target)).double(), rtol=0, atol=1e-12)
    assert (objective.loss(layer.solve(-right).x, target) > 1e-3).any()
