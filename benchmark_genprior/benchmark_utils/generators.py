"""Generators G of images (n_samples, n_pixels) from z (n_samples, n_latent).

Images are rows of pixels in [0, 1]. A generator is trained on first use, or by
`benchopt prepare`, and kept in benchopt's cache folder as safetensors, under
all that its weights depend on: recipe, training images, seed, sources.
"""
import sys
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from benchmark_utils.transposed import FoldedConvolution, FullConvolution
from benchmark_utils.vae import Encoder, train_vae
from benchmark_utils.wgan import train_wgan
from unrolling.bench.trained import train_module
from unrolling.fingerprint import source_files
from unrolling.options import COUNT, outside
from unrolling.weights import digest

ACTIVATIONS = {"elu": nn.ELU, "relu": nn.ReLU}
"""ELU is smooth, as the theory of Latorre et al. asks; ReLU is not."""


class Decoder(nn.Sequential):
    """Layers that end in pixels in (0, 1), of images of that shape;
    `n_latent` is their input's size."""

    def __init__(self, shape, n_latent, *layers):
        super().__init__(*layers, nn.Flatten(), nn.Sigmoid())
        self.shape, self.n_latent = tuple(shape), n_latent


def fully_connected(shape, n_latent, activation, width=256):
    """Two hidden layers of `width` units."""
    return Decoder(
        shape, n_latent, nn.Linear(n_latent, width), activation(),
        nn.Linear(width, width), activation(),
        nn.Linear(width, shape[0] * shape[1]))


def convolutional(shape, n_latent, activation, width=64):
    """Transposed convolutions as in DCGAN, for 8 x 8 or 28 x 28 images.

    A. Radford, L. Metz and S. Chintala, Unsupervised representation learning
    with deep convolutional generative adversarial networks, ICLR 2016,
    arXiv:1511.06434. That for 28 x 28 has the layers of the MNIST generator
    of F. Latorre, A. Eftekhari and V. Cevher, NeurIPS 2019, arXiv:1907.03343.
    """
    full, folded = FullConvolution, FoldedConvolution
    if tuple(shape) == (8, 8):
        return Decoder(
            shape, n_latent, nn.Linear(n_latent, width * 4), activation(),
            nn.Unflatten(1, (width, 2, 2)),
            folded(width, width // 2, 4, stride=2, padding=1), activation(),
            folded(width // 2, 1, 4, stride=2, padding=1))
    return Decoder(
        shape, n_latent, nn.Linear(n_latent, 64 * width), activation(),
        nn.Unflatten(1, (4 * width, 4, 4)),
        full(4 * width, 2 * width, 5, keep=7), activation(),
        full(2 * width, width, 5), activation(),
        folded(width, 1, 8, stride=2))


ARCHITECTURES = {"fc": fully_connected, "conv": convolutional}
TRAININGS = {"vae": train_vae, "wgan": train_wgan}
CONVOLVED = (8, 8), (28, 28)
"""Shapes of images that the convolutional generator is for."""


class Recipe(NamedTuple):
    """All that sets a trained generator apart, but its images and seed."""

    architecture: str
    activation: str
    training: str
    n_latent: int
    epochs: int

    def refuse(self, shape):
        """Why there is no such generator of these images, or None."""
        for name, known in (("architecture", ARCHITECTURES),
                            ("activation", ACTIVATIONS),
                            ("training", TRAININGS)):
            if getattr(self, name) not in known:
                return (f"{name} must be {' or '.join(known)}, got "
                        f"{name}={getattr(self, name)}")
        if self.architecture == "conv" and tuple(shape) not in CONVOLVED:
            return ("architecture=conv is for images of 8 x 8 and 28 x 28 "
                    f"pixels, got {shape[0]} x {shape[1]}: use "
                    "architecture=fc")
        return outside(COUNT, n_latent=self.n_latent, epochs=self.epochs)


class Trained(NamedTuple):
    """A generator, and what else its training left."""

    G: nn.Module
    encoder: nn.Module
    """Images -> latents, or None where the training has none."""
    info: dict
    """train_time_s, and the last loss of the training."""


def trained_generator(recipe, images, shape, seed):
    """The generator of a recipe, from the cache or trained and put there.

    Parameters
    ----------
    recipe : Recipe
    images : ndarray, shape (n_images, n_pixels), in [0, 1]
    shape : (int, int)
        Of each image.
    seed : int

    Returns
    -------
    Trained, frozen, in float32 and on the CPU
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        G = ARCHITECTURES[recipe.architecture](
            shape, recipe.n_latent, ACTIVATIONS[recipe.activation])
        encoder = (Encoder(images.shape[1], recipe.n_latent)
                   if recipe.training == "vae" else None)
        parts = {"G": G} | ({"encoder": encoder} if encoder else {})
        info = train_parts(parts, [*recipe, seed], images, lambda: TRAININGS[
            recipe.training](*parts.values(), as_tensor(images),
                             recipe.epochs))
    return Trained(G, encoder, info)


def train_parts(parts, recipe, images, train):
    """Load the weights of networks, or train the networks and save these.

    The networks are changed in place, and frozen.

    Parameters
    ----------
    parts : dict of str to Module
    recipe : list of str and numbers
        What the weights depend on, beside the images and the sources of
        this folder.
    images : ndarray or list of ndarray
    train : function without arguments, returns a dict of numbers

    Returns
    -------
    dict, what the training said of itself, with its train_time_s
    """
    images = images if isinstance(images, list) else [images]
    sources = [file.read_text("utf-8") for file in source_files(
        __file__, sys.modules[train.__module__].__file__)
        if file.parent == Path(__file__).resolve().parent]
    key = digest(recipe, *images, [repr(part) for part in parts.values()],
                 torch.__version__, *sources)
    modules = torch.nn.ModuleDict(parts)
    info = train_module(key, modules, train)
    modules.requires_grad_(False).eval()
    return info


def as_tensor(images):
    """Images as a float32 tensor."""
    return torch.as_tensor(images, dtype=torch.float32)
