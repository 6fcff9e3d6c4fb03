"""A data set of images: some train the generator, others are held out."""
from numbers import Integral

import numpy as np
import torch

from benchmark_utils.generators import trained_generator
from unrolling.data import refused
from unrolling.options import Range, outside


def problem_of(recipe, images, labels, shape, n_test, in_range, seed):
    """What `get_data` returns for images in random order.

    Parameters
    ----------
    recipe : Recipe
    images : ndarray, shape (n_images, n_pixels), in [0, 1]
    labels : ndarray of int, shape (n_images,)
    shape : (int, int)
    n_test : int
        The last images are held out.
    in_range : bool
        Whether what is measured are images of the generator instead, of
        normal latents; they have no labels.
    seed : int
        The seed of the generator's training; the latents have a stream of
        their own, `[seed, 1]`.

    Returns
    -------
    dict, see `Objective.set_data`; refused, with the reason, where the recipe
    or the numbers are bad
    """
    held_out = Range(
        Integral, lambda v: 1 <= v < len(images), "an integer from 1 to "
        f"{len(images) - 1}, so that there are images to train on")
    reason = outside(held_out, n_test=n_test) or recipe.refuse(shape)
    if reason:
        return refused(reason)
    trained = trained_generator(recipe, images[:-n_test], shape, seed)
    test, labels_test = images[-n_test:], labels[-n_test:]
    if in_range:
        z = np.random.default_rng([seed, 1]).standard_normal(
            (n_test, recipe.n_latent))
        test, labels_test = trained.G(torch.as_tensor(
            z, dtype=torch.float32)).double().numpy(), None
    return {
        "G": trained.G, "encoder": trained.encoder,
        "train_time_s": trained.info["train_time_s"],
        "seed": seed, "n_latent": recipe.n_latent, "shape": shape,
        "images_train": images[:-n_test], "images_test": test,
        "labels_train": labels[:-n_test], "labels_test": labels_test,
    }
