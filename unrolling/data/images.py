"""Real images as Lasso problems: a few are the atoms, others the samples."""
import numpy as np

from unrolling.data import refused


def normalise(images):
    """Flat images (n_images, n_pixels), centred and of unit norm, float64.

    Constant ones, which centring makes zero, are left out.
    """
    images = np.asarray(images, dtype=np.float64)
    images = images - images.mean(axis=1, keepdims=True)
    norms = np.linalg.norm(images, axis=1, keepdims=True)
    varied = norms[:, 0] > 1e-10
    return images[varied] / norms[varied]


def atoms_and_samples(images, n_atoms, n_train, n_test, rng):
    """Disjoint random images as D, x_train and x_test (None: all the rest).

    Refused, with the reason, where there are fewer images than that.
    """
    images = normalise(images)
    needed = n_atoms + n_train + (1 if n_test is None else n_test)
    if len(images) < needed:
        return refused(
            f"n_atoms + n_train + n_test must be at most {len(images)}, the "
            f"images there are, got {n_atoms} + {n_train} + {n_test or 1}"
        )
    images = images[rng.permutation(len(images))]
    first, last = n_atoms + n_train, None if n_test is None else needed
    return {
        "D": images[:n_atoms].T.copy(),
        "x_train": images[n_atoms:first],
        "x_test": images[first:last],
    }
