"""Whether images and a generator of them are what the objective takes."""
import numpy as np
import torch


def check_images(name, images, n_pixels):
    """ValueError unless these are images in [0, 1], one a row."""
    if np.ndim(images) != 2 or np.shape(images)[1] != n_pixels or not len(
            images):
        raise ValueError(
            f"{name} must have shape (n_images >= 1, n_pixels = {n_pixels}), "
            f"got {np.shape(images)}; images are rows")
    if not (np.min(images) >= 0 and np.max(images) <= 1):
        raise ValueError(
            f"{name} must be in [0, 1] without NaN, got values from "
            f"{np.min(images)} to {np.max(images)}: scale or impute them")


def check_generator(G, n_latent, n_pixels):
    """ValueError unless G maps latents to finite images of that size."""
    with torch.no_grad():
        try:
            image = G(torch.zeros(2, n_latent))
        except RuntimeError as error:
            raise ValueError(
                f"G must take latents of shape (n, n_latent = {n_latent}), "
                f"got {error}") from None
    if tuple(image.shape) != (2, n_pixels):
        raise ValueError(
            f"G must return images of shape (n, n_pixels = {n_pixels}), got "
            f"{tuple(image.shape)} for n = 2: flatten them, or train G on "
            "images of this shape")
    if not image.isfinite().all():
        raise ValueError("G must return finite images, got NaN or infinity "
                         "at z = 0: train it again")
