"""Generators: shapes, training, what is cached, what is refused."""
import numpy as np
import pytest
import torch

SHAPES = [("fc", (5, 6)), ("fc", (8, 8)), ("conv", (8, 8)),
          ("conv", (28, 28))]


def recipe(suite, **changes):
    return suite.generators.Recipe(
        "fc", "elu", "vae", 3, 1)._replace(**changes)


def images(n=130, side=4, seed=0):
    """Blobs at one of two places."""
    rng = np.random.default_rng(seed)
    place = rng.integers(0, 2, n)
    blob = np.zeros((2, side * side))
    blob[0, :4], blob[1, -4:] = 1, 1
    return blob[place] * rng.uniform(0.6, 1, (n, 1))


@pytest.mark.parametrize(("architecture", "shape"), SHAPES)
def test_shapes_and_range(suite, architecture, shape):
    for activation in suite.generators.ACTIVATIONS.values():
        G = suite.generators.ARCHITECTURES[architecture](
            shape, 6, activation)
        w = G(torch.randn(3, 6))
        assert w.shape == (3, shape[0] * shape[1])
        assert ((w > 0) & (w < 1)).all()


def test_the_convolutional_generator_is_that_of_the_paper(suite):
    """1 556 673 parameters at 128 latents and 64 channels."""
    G = suite.generators.convolutional((28, 28), 128, torch.nn.ELU)
    assert sum(p.numel() for p in G.parameters()) == 1_556_673


@pytest.mark.parametrize("activation", ["elu", "relu"])
@pytest.mark.parametrize(("architecture", "shape"), SHAPES[1:])
def test_gradients(suite, architecture, shape, activation):
    """In double, along random directions; ReLU off its kinks."""
    torch.manual_seed(0)
    G = suite.generators.ARCHITECTURES[architecture](
        shape, 3, suite.generators.ACTIVATIONS[activation], width=4).double()
    z = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda z: G(z)[:, ::37], z, fast_mode=True)


@pytest.mark.parametrize(("training", "epochs"), [
    ("vae", 60), ("wgan", 300)])
def test_training_fits_the_images(suite, training, epochs):
    """A trained generator projects images better than an untrained one."""
    data = images()
    target = torch.as_tensor(data[:20]).float()

    def distance(epochs):
        trained = suite.generators.trained_generator(
            recipe(suite, training=training, epochs=epochs), data, (4, 4), 0)
        with torch.no_grad():
            samples = trained.G(torch.randn(
                500, 3, generator=torch.Generator().manual_seed(0)))
        return torch.cdist(target, samples).min(dim=1).values.mean()

    assert distance(epochs) < 0.5 * distance(1)


def test_weights_are_cached_and_frozen(suite, weights_folder):
    args = recipe(suite), images(), (4, 4)
    one = suite.generators.trained_generator(*args, 0)
    [file] = weights_folder.glob("*.safetensors")
    written = file.stat().st_mtime_ns
    torch.manual_seed(123)  # what else draws does not matter
    two = suite.generators.trained_generator(*args, 0)
    assert file.stat().st_mtime_ns == written
    for p, q in zip(one.G.parameters(), two.G.parameters(), strict=True):
        assert torch.equal(p, q)
        assert not q.requires_grad
    for p, q in zip(one.encoder.parameters(), two.encoder.parameters(),
                    strict=True):
        assert torch.equal(p, q)
    assert one.info == two.info
    assert one.info["train_time_s"] > 0


def test_training_again_gives_the_same_bytes(suite, weights_folder):
    args = recipe(suite), images(), (4, 4)
    one = suite.generators.trained_generator(*args, 0)
    for file in weights_folder.glob("*"):
        file.unlink()
    two = suite.generators.trained_generator(*args, 0)
    for p, q in zip(one.G.parameters(), two.G.parameters(), strict=True):
        assert torch.equal(p, q)


@pytest.mark.parametrize("change", ["seed", "epochs", "images", "activation"])
def test_the_key_has_all_that_weights_depend_on(
        suite, weights_folder, change):
    suite.generators.trained_generator(recipe(suite), images(), (4, 4), 0)
    suite.generators.trained_generator(
        recipe(suite, **{"epochs": {"epochs": 2}, "activation": {
            "activation": "relu"}}.get(change, {})),
        images(seed=int(change == "images")), (4, 4), int(change == "seed"))
    assert len(list(weights_folder.glob("*.safetensors"))) == 2


def test_the_key_sees_the_sources(suite, weights_folder, monkeypatch):
    args = recipe(suite), images(), (4, 4), 0
    suite.generators.trained_generator(*args)
    monkeypatch.setattr(suite.generators, "source_files", lambda *_: [])
    suite.generators.trained_generator(*args)
    assert len(list(weights_folder.glob("*.safetensors"))) == 2


def test_training_leaves_the_global_generator_alone(suite):
    torch.manual_seed(0)
    expected = torch.randn(3)
    torch.manual_seed(0)
    suite.generators.trained_generator(recipe(suite), images(), (4, 4), 5)
    assert torch.equal(torch.randn(3), expected)


def test_a_training_that_diverges_is_reported(suite):
    data = images()
    data[3, 3] = np.nan
    with pytest.raises((RuntimeError, ValueError)):
        suite.generators.trained_generator(recipe(suite), data, (4, 4), 0)


@pytest.mark.parametrize(("change", "message"), [
    ({"architecture": "transformer"}, "architecture must be fc or conv"),
    ({"activation": "tanh"}, "activation must be elu or relu"),
    ({"training": "flow"}, "training must be vae or wgan"),
    ({"architecture": "conv"}, "for images of 8 x 8 and 28 x 28"),
    ({"n_latent": 0}, "n_latent must be an integer >= 1"),
    ({"epochs": 1.5}, "epochs must be an integer >= 1"),
])
def test_bad_recipes(suite, change, message):
    assert message in recipe(suite, **change).refuse((4, 4))
    assert recipe(suite).refuse((4, 4)) is None


def test_the_attack_stays_within_its_radius(suite):
    """And takes images from a classifier that knows them."""
    data = images(200)
    labels = (data[:, 0] == 0).astype(int)
    network = suite.classifier.trained_classifier(data, labels, 0)
    assert suite.classifier.accuracy(network, data, labels) == 1
    x = suite.classifier.attacked(network, data, labels, 0.9)
    assert abs(x - data).max() <= 0.9 + 1e-6
    assert x.min() >= 0
    assert x.max() <= 1
    assert suite.classifier.accuracy(network, x, labels) < 0.2
