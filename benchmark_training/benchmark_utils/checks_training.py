"""What the data of a task must be: ValueError says what is wrong."""
import numpy as np

from unrolling.options import (
    COUNT,
    COUNT_OR_ZERO,
    POSITIVE,
    POSITIVE_OR_ZERO,
    check_options,
)


def check_numbers(**arrays):
    """Numpy arrays of real numbers."""
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
            raise ValueError(
                f"{name} must be a numpy array of real numbers, got "
                f"{getattr(array, 'dtype', type(array).__name__)}: encode "
                "labels, and convert lists by np.asarray")


def check_samples(**arrays):
    """Finite arrays (n_samples >= 1, n_features), as many features in each."""
    check_numbers(**arrays)
    n_features = {}
    for name, array in arrays.items():
        if np.ndim(array) != 2 or not np.size(array):
            raise ValueError(
                f"{name} must have shape (n_samples >= 1, n_features >= 1), "
                f"got {np.shape(array)}; samples are rows")
        if not np.isfinite(array).all():
            raise ValueError(
                f"{name} must be finite, got NaN or infinite entries: drop "
                "or impute them first")
        n_features[name] = np.shape(array)[1]
    if len(set(n_features.values())) > 1:
        raise ValueError(
            f"all samples must have as many features, got {n_features}")


def check_fit(kind, X_train, y_train, X_test, y_test, n_hidden, batch_size,
              decay, seed):
    """Check the data of a fit, see `benchmark_utils.fits.Fit`."""
    check_samples(X_train=X_train, X_test=X_test)
    check_options(COUNT, n_hidden=n_hidden, batch_size=batch_size)
    check_options(COUNT_OR_ZERO, seed=seed)
    check_options(POSITIVE_OR_ZERO, decay=decay)
    check_numbers(y_train=y_train, y_test=y_test)
    for name, y, X in (("y_train", y_train, X_train),
                       ("y_test", y_test, X_test)):
        if np.shape(y) != (len(X),) or not np.isfinite(y).all():
            raise ValueError(
                f"{name} must be finite, of shape (n_samples,) = "
                f"{(len(X),)}, got shape {np.shape(y)}")
        if kind == "classification" and (
                not np.issubdtype(y.dtype, np.integer)
                or y.min() < 0 or y.max() > y_train.max()):
            raise ValueError(
                f"{name} must be classes 0, 1, ..., as integers, those of "
                "y_test among those of y_train: encode the labels")


def check_game(X_train, X_test, centres, labels, radius, shape, n_latent,
               n_hidden, batch_size, seed):
    """Check the data of a game, see `benchmark_utils.games.Game`."""
    check_samples(X_train=X_train, X_test=X_test, centres=centres)
    check_options(COUNT, n_latent=n_latent, n_hidden=n_hidden,
                  batch_size=batch_size)
    check_options(COUNT_OR_ZERO, seed=seed)
    check_numbers(labels=labels)
    if np.shape(labels) != (len(centres),) or not np.issubdtype(
            labels.dtype, np.integer) or labels.min() < 0:
        raise ValueError(
            "labels must be integers >= 0, the mode of each centre, of shape "
            f"(n_centres,) = {(len(centres),)}, got shape {np.shape(labels)} "
            f"of {labels.dtype}")
    check_options(POSITIVE, radius=radius)
    n_features = np.shape(X_train)[1]
    if shape is None and n_features != 2 or (
            shape is not None and np.prod(shape) != n_features):
        raise ValueError(
            "shape must be that of an image, or None for points of the "
            f"plane, got {shape} for {n_features} features")
