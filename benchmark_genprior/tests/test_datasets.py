"""The data sets: what they give, and what they refuse."""
import numpy as np
import pytest
import scipy.special
import torch
from benchopt.config import get_data_path

from unrolling.data import mnist as files
from unrolling.data.mnist import load_mnist_labels

SMALL = {
    "Digits": {"epochs": 1, "n_test": 6, "n_latent": 4},
    "MNIST": {"architecture": "fc", "epochs": 1, "n_latent": 4,
              "n_train": 130, "n_test": 6},
    "Simulated": {"n_side": 6, "n_latent": 3, "n_test": 6},
}


def get_data(suite, name, **changes):
    data = suite.make_dataset(name, **SMALL[name] | changes).get_data()
    if "unavailable" in data and "download" in data["unavailable"]:
        pytest.skip(data["unavailable"])
    return data


def test_images_and_generator_fit(suite, dataset_class):
    name = dataset_class.name
    data = get_data(suite, name)
    n_pixels = np.prod(data["shape"])
    assert data["images_test"].shape == (6, n_pixels)
    for part in ("images_train", "images_test"):
        assert data[part].min() >= 0
        assert data[part].max() <= 1
    w = data["G"](torch.zeros(2, data["n_latent"]))
    assert w.shape == (2, n_pixels)
    assert not any(p.requires_grad for p in data["G"].parameters())


def test_test_images_are_held_out(suite, dataset_class):
    data = get_data(suite, dataset_class.name)
    train = {image.tobytes() for image in data["images_train"]}
    assert not train & {image.tobytes() for image in data["images_test"]}


def test_in_range_images_are(suite):
    """Some latent gives each test image, up to what Gauss-Newton reaches."""
    dataset = suite.make_dataset("Simulated", **SMALL["Simulated"])
    objective = suite.load(
        dataset, problem="denoise_l2", level=1e-9, n_restarts=3)
    result = suite.run("Gauss-Newton", objective, 100)
    assert objective.evaluate_result(**result)["psnr_db"] > 40


@pytest.mark.parametrize(("problem", "drawn"), [
    ("compressed_sensing", lambda objective: objective.A),
    ("denoise_linf",
     lambda objective: objective.b_tuning - objective.tuning),
    ("adversarial_l2", lambda objective: objective.z_start)])
def test_latents_in_range_are_drawn_apart(suite, monkeypatch, problem, drawn):
    """They have nothing in common with A, with noise or with the starts. Of
    a generator that is a sigmoid of each pixel, the images tell them."""
    monkeypatch.setattr(
        suite.splits, "trained_generator",
        lambda *_: suite.generators.Trained(
            torch.nn.Sigmoid(), None, {"train_time_s": 0.0}))
    dataset = suite.make_dataset(
        "Digits", n_latent=64, n_test=20, in_range=True)
    dataset.get_data = lambda made=dataset.get_data: made() | {
        "labels_test": np.zeros(20, int)}
    objective = suite.load(dataset, problem=problem, level=0.5)
    latents = scipy.special.logit(objective.images).ravel()
    others = drawn(objective).ravel()
    n = min(len(latents), len(others))
    # beyond five standard deviations of independent ones
    assert abs(np.corrcoef(latents[:n], others[:n])[0, 1]) < 0.15


@pytest.mark.parametrize("name", ["Digits", "MNIST"])
@pytest.mark.parametrize(("change", "message"), [
    ({"n_test": 0}, "n_test"), ({"n_test": 10**6}, "n_t"),
    ({"n_test": 2.5}, "n_test must be an integer"),
    ({"n_latent": 2.5}, "n_latent must be an integer"),
    ({"epochs": 2.5}, "epochs must be an integer"),
    ({"architecture": "no"}, "architecture must be")])
def test_refused_parameters(suite, name, change, message):
    data = get_data(suite, name, **change)
    assert message in data["unavailable"]


@pytest.mark.parametrize(("change", "message"), [
    ({"activation": "tanh"},
     "activation must be elu or relu, got activation=tanh"),
    ({"n_side": 0}, "n_side must be an integer >= 1, got n_side=0"),
    ({"n_latent": 0}, "got n_latent=0"), ({"n_side": 6.5}, "n_side=6.5"),
    ({"n_test": 0}, "got n_test=0")])
def test_refused_random_generators(suite, change, message):
    assert message in get_data(suite, "Simulated", **change)["unavailable"]


def test_labels_of_the_real_files(suite):
    folder = get_data_path("mnist")
    for name in files.LABELS_SHA256:
        if not list(folder.glob(f"{name}*")):
            pytest.skip(f"expected {name}, plain or .gz, in {folder}: set "
                        "BENCHOPT_DATA_HOME to the folder above it")
    labels = load_mnist_labels(folder)
    assert labels.shape == (70_000,)
    np.testing.assert_array_equal(np.unique(labels), np.arange(10))


def test_missing_labels_are_a_reason(suite, tmp_path, monkeypatch):
    def no_network(*_, **__):
        raise OSError("no network")

    monkeypatch.setattr(files.pooch, "retrieve", no_network)
    monkeypatch.setenv("BENCHOPT_DATA_HOME", str(tmp_path))
    with pytest.raises(ValueError, match="or a network to download"):
        suite.load(suite.make_dataset("MNIST", **SMALL["MNIST"]))


def test_attacked_digits(suite):
    """The attack lowers the accuracy; A is the identity."""
    dataset = suite.make_dataset("Digits", epochs=1, n_test=40, n_latent=4)
    objective = suite.load(dataset, problem="adversarial", level=0.3)
    assert abs(objective.b - objective.images).max() <= 0.3 + 1e-6
    metrics = objective.evaluate_result(images=objective.images)
    assert metrics["accuracy"] == metrics["accuracy_clean"] > 0.85
    assert metrics["accuracy_attacked"] < 0.5
    assert metrics["measurement_error"] == pytest.approx(0.3, abs=1e-6)
