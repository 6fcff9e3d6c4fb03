"""What the data of a task must be: ValueError says what is wrong."""
import numpy as np

from unrolling.options import COUNT, POSITIVE, check_options


def check_samples(**arrays):
    """Finite arrays (n_samples >= 1, n_features), as many features in each."""
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
    for name, y, X in (("y_train", y_train, X_train),
                       ("y_test", y_test, X_test)):
        if np.shape(y) != (len(X),) or not np.isfinite(y).all():
            raise ValueError(
                f"{name} must be finite, of shape (n_samples,) = "
                f"{(len(X),)}, got shape {np.shape(y)}")
        if kind == "classification" and (
                not np.issubdtype(np.asarray(y).dtype, np.integer)
                or np.min(y) < 0 or np.max(y) > np.max(y_train)):
            raise ValueError(
                f"{name} must be classes 0, 1, ..., as integers, those of "
                "y_test among those of y_train: encode the labels")
    if not 0 <= decay < np.inf:
        raise ValueError(f"decay must be 0 or positive, got decay={decay}")


def check_game(X_train, X_test, centres, labels, radius, shape, n_latent,
               n_hidden, batch_size, seed):
    """Check the data of a game, see `benchmark_utils.games.Game`."""
    check_samples(X_train=X_train, X_test=X_test, centres=centres)
    check_options(COUNT, n_latent=n_latent, n_hidden=n_hidden,
                  batch_size=batch_size)
    if np.shape(labels) != (len(centres),):
        raise ValueError(
            f"labels must have shape (n_centres,) = {(len(centres),)}, got "
            f"{np.shape(labels)}: name the mode of each centre")
    check_options(POSITIVE, radius=radius)
    n_features = np.shape(X_train)[1]
    if shape is None and n_features != 2 or (
            shape is not None and np.prod(shape) != n_features):
        raise ValueError(
            "shape must be that of an image, or None for points of the "
            f"plane, got {shape} for {n_features} features")
