"""Metrics at w = G(z), the best restart, and bad data."""
import numpy as np
import pytest
import torch

from unrolling.bench.pictures import as_image


def test_the_best_restart_is_that_of_the_measurement_error(suite):
    objective = suite.make_objective(n_restarts=3)
    z = objective.z_start
    with torch.no_grad():
        images = objective.G(torch.as_tensor(z).float()).double().numpy()
    residual = images @ objective.A.T - np.repeat(objective.b, 3, axis=0)
    error = 0.5 * (residual**2).sum(axis=1).reshape(-1, 3)
    metrics = objective.evaluate_result(z=z)
    assert metrics["measurement_error"] == pytest.approx(
        error.min(axis=1).mean())
    assert metrics["value"] == metrics["measurement_error"]
    best = images.reshape(-1, 3, images.shape[1])[
        np.arange(len(error)), error.argmin(axis=1)]
    mse = ((best - objective.images) ** 2).mean(axis=1)
    assert metrics["reconstruction_error"] == pytest.approx(mse.mean())
    assert metrics["psnr_db"] == pytest.approx(
        (-10 * np.log10(mse)).mean())


def test_true_images_have_no_error(suite):
    objective = suite.make_objective("inpainting", 0.3)
    metrics = objective.evaluate_result(images=objective.images)
    assert metrics["measurement_error"] == 0
    assert metrics["ssim"] == pytest.approx(1)
    assert metrics["psnr_db"] == 160


def test_a_restart_without_numbers_is_not_the_best(suite):
    objective = suite.make_objective(n_restarts=2)
    z = objective.z_start.copy()
    z[::2] = np.nan
    alone = objective.evaluate_result(z=np.repeat(z[1::2], 2, axis=0))
    metrics = objective.evaluate_result(z=z)
    assert metrics["measurement_error"] == pytest.approx(
        alone["measurement_error"])


def test_all_restarts_diverged_is_infinite(suite):
    objective = suite.make_objective()
    metrics = objective.evaluate_result(z=np.nan * objective.z_start)
    assert metrics["value"] == np.inf


def test_infeasibility_is_that_of_the_best_restart(suite):
    objective = suite.make_objective(n_restarts=2)
    error, _ = objective.costs(objective.decoded(objective.z_start), 2)
    error = error.reshape(-1, 2)
    infeasibility = np.arange(error.size, dtype=float)
    metrics = objective.evaluate_result(
        z=objective.z_start, infeasibility=infeasibility)
    assert metrics["infeasibility"] == infeasibility.reshape(error.shape)[
        np.arange(len(error)), error.argmin(axis=1)].mean()


def test_samples_are_written_if_asked_for(suite, monkeypatch):
    objective = suite.make_objective()
    assert "samples" not in objective.evaluate_result(z=objective.z_start)
    monkeypatch.setenv("UNROLLING_SAMPLES", "1")
    metrics = objective.evaluate_result(z=objective.z_start)
    with np.load(metrics["samples"]) as samples:
        assert set(samples) == {"measurement_error", "reconstruction_error"}
        for name, values in samples.items():
            assert values.shape == (len(objective.images),)
            assert values.mean() == pytest.approx(metrics[name])


def test_pictures_are_the_images(suite):
    objective = suite.make_objective("denoise_l2", 0.2)
    metrics = objective.evaluate_result(z=objective.z_start)
    for key in ("pictures", "truth", "measured", "generated"):
        assert as_image(metrics[key]).shape == (10, 15)
    np.testing.assert_allclose(
        as_image(metrics["truth"])[:5, 5:10],
        objective.images[1].reshape(5, 5), atol=0.51 / 255)


def test_number_of_images_is_checked(suite):
    objective = suite.make_objective()
    with pytest.raises(ValueError, match="return one row each"):
        objective.evaluate_result(images=objective.images[:-1])


def test_ssim_is_that_of_windows(suite):
    """The formula, window by window."""
    rng = np.random.default_rng(0)
    x, y = rng.random((2, 9, 10))
    expected = []
    for i in range(9 - 6):
        for j in range(10 - 6):
            a, b = x[i:i + 7, j:j + 7].ravel(), y[i:i + 7, j:j + 7].ravel()
            covariance = np.cov(a, b)
            expected.append(
                (2 * a.mean() * b.mean() + 1e-4)
                * (2 * covariance[0, 1] + 9e-4)
                / (a.mean()**2 + b.mean()**2 + 1e-4)
                / (covariance[0, 0] + covariance[1, 1] + 9e-4))
    [value] = suite.image_metrics.ssim(
        x.reshape(1, -1), y.reshape(1, -1), (9, 10))
    assert value == pytest.approx(np.mean(expected), abs=1e-10)
    assert suite.image_metrics.ssim(
        x.reshape(1, -1), x.reshape(1, -1), (9, 10)) == pytest.approx(1)
    row = x[:1]  # of one pixel's height: windows are pixels
    assert suite.image_metrics.ssim(row, row, (1, 10)) == pytest.approx(1)


BAD = {
    "problem": ({"problem": "no_such"}, {}, "problem must be one of"),
    "m > n": ({"level": 1.5}, {}, "m <= n"),
    "noise": ({"noise": -1.0}, {}, "noise must be 0 or a positive"),
    "mu": ({"mu": -0.1}, {}, "mu must be 0 or a positive weight"),
    "infinite mu": ({"mu": np.inf}, {}, "mu must be 0 or a positive weight"),
    "noise twice": ({"problem": "denoise_l1", "noise": 0.1}, {},
                    "noise must be 0 for problem=denoise_l1"),
    "restarts": ({"n_restarts": 0}, {}, "n_restarts must be an integer"),
    "half a restart": ({"n_restarts": 1.5}, {}, "n_restarts must be an int"),
    "half a step": ({"max_iter": 1.5}, {}, "max_iter must be an integer"),
    "NaN": ({}, {"images_test": np.full((2, 25), np.nan)}, "without NaN"),
    "range": ({}, {"images_train": np.full((2, 25), 255.0)}, "in \\[0, 1\\]"),
    "empty": ({}, {"images_test": np.zeros((0, 25))}, "n_images >= 1"),
    "size": ({}, {"images_test": np.zeros((2, 24))}, "n_pixels = 25"),
    "generator": ({}, {"G": torch.nn.Linear(3, 24)}, "G must return images"),
    "latents": ({}, {"n_latent": 7}, "G must take latents"),
    "weights": ({}, {"G": torch.nn.Sequential(
        torch.nn.Linear(3, 25), torch.nn.Threshold(1e9, float("nan")))},
        "G must return finite images"),
    "labels": ({"problem": "adversarial"}, {}, "needs labels"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_data_are_refused(suite, kind):
    parameters, data, message = BAD[kind]
    dataset = suite.make_dataset(suite.Linear)
    dataset.get_data = lambda good=dataset.get_data: good() | data
    with pytest.raises(ValueError, match=message):
        suite.load(dataset, **parameters)
