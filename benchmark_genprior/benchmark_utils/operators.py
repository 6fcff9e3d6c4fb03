"""How images are measured: A and the noise of each problem."""
from typing import NamedTuple

import numpy as np


class Problem(NamedTuple):
    """A problem's loss, and what its level is."""

    loss: str
    """A name of `benchmark_utils.inverse.LOSSES`."""
    level: str
    largest: float
    """level is in (0, largest]."""
    attacks: bool = False
    """Whether b are images that an attack changed."""
    zero: bool = False
    """Whether level may be 0, too."""


SHARE = "the share m/n of measurements"
PROBLEMS = {
    "compressed_sensing": Problem("l2", SHARE, 1),
    "phase_retrieval": Problem("amplitude", f"{SHARE}, at most 4", 4),
    "inpainting": Problem("l2", "the share of pixels that are missing", 0.99),
    "deblurring": Problem("l2", "the blur's standard deviation, pixels", 10),
    "denoise_l2": Problem(
        "l2", "the noise's standard deviation; 0 projects the image on the "
        "range of G", 10, zero=True),
    "denoise_l1": Problem("l1", "the noise's standard deviation", 10),
    "denoise_linf": Problem("linf", "the size of the signs added", 10),
    "adversarial": Problem("linf", "the attack's l_inf radius", 1, True),
    "adversarial_l2": Problem("l2", "the attack's l_inf radius", 1, True),
}


def check_level(problem, level):
    """ValueError unless the level is one of that problem's."""
    of = PROBLEMS[problem]
    if not (0 < level <= of.largest or level == 0 and of.zero):
        more = (": there are no more measurements than pixels, m <= n"
                if of.level == SHARE else "")
        raise ValueError(
            f"level must be in {'[' if of.zero else '('}0, {of.largest:g}] "
            f"for {problem}, where it is {of.level}, got level={level}{more}")


def gaussian(shape, level, rng):
    """Normal rows of variance 1/m, m = level n rounded, at least 1."""
    n_pixels = shape[0] * shape[1]
    m = max(round(level * n_pixels), 1)
    return rng.standard_normal((m, n_pixels)) / np.sqrt(m)


def missing_pixels(shape, level, rng):
    """The rows of the identity that are left, at least one."""
    n_pixels = shape[0] * shape[1]
    kept = max(round((1 - level) * n_pixels), 1)
    return np.eye(n_pixels)[np.sort(rng.permutation(n_pixels)[:kept])]


def blur(shape, level, rng):
    """Gaussian blur with mirrored borders; rows sum to one."""
    rows, columns = (blur_line(n, level) for n in shape)
    return np.kron(rows, columns)


def blur_line(n, level):
    """The blur of a line of n pixels, (n, n)."""
    i, reach = np.arange(n), int(np.ceil(4 * level))
    A = np.zeros((n, n))
    for shift in range(-reach, reach + 1):
        # mirrored at the borders, as often as it takes
        j = (i + shift) % (2 * n)
        np.add.at(A, (i, np.minimum(j, 2 * n - 1 - j)),
                  np.exp(-0.5 * (shift / level) ** 2))
    return A / A.sum(axis=1, keepdims=True)


OPERATORS = {
    "compressed_sensing": gaussian, "phase_retrieval": gaussian,
    "inpainting": missing_pixels, "deblurring": blur}
"""Problem -> its A, from shape, level and generator; others have A = I."""


def measure(problem, level, noise, shape, images, rng):
    """A, and measurements b of images.

    Parameters
    ----------
    problem : str, one of PROBLEMS without an attack
    level : float, see PROBLEMS
    noise : float
        Standard deviation of normal noise that is added to A w; where A is
        the identity, the level is that of the noise, and b is cut to [0, 1].
    shape : (int, int)
    images : ndarray, shape (n_images, n_pixels)
    rng : numpy Generator

    Returns
    -------
    A : ndarray, shape (n_measurements, n_pixels)
    b : ndarray, shape (n_images, n_measurements)
    """
    if problem in OPERATORS:
        A = OPERATORS[problem](shape, level, rng)
        b = images @ A.T
        b = abs(b) if PROBLEMS[problem].loss == "amplitude" else b
        return A, b + noise * rng.standard_normal(b.shape)
    draws = rng.standard_normal(images.shape)
    draws = np.sign(draws) if problem == "denoise_linf" else draws
    return np.eye(images.shape[1]), (images + level * draws).clip(0, 1)
