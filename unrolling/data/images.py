"""Real images as Lasso problems: a few are the atoms, others the samples."""
import numpy as np

from unrolling.data import refused


def normalise(images):
    """Flat images, centred and of unit norm, whatever their scale.

    Parameters
    ----------
    images : array-like, shape (n_images, n_pixels)

    Returns
    -------
    ndarray, shape (n_kept, n_pixels), float64
        Those that are constant, up to rounding, are left out.

    Raises
    ------
    ValueError
        NaN or infinity.
    """
    images = np.asarray(images, dtype=np.float64)
    if not np.isfinite(images).all():
        raise ValueError(
            f"images must be finite, got {(~np.isfinite(images)).sum()} NaN "
            "or infinite pixels: drop or impute them first")
    peak = abs(images).max(axis=1, keepdims=True, initial=0)
    images = images / np.where(peak > 0, peak, 1)
    images -= images.mean(axis=1, keepdims=True)
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
