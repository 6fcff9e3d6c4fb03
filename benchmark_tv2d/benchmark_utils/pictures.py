"""What the data sets of images have in common: blur, noise, the two parts."""
import numpy as np

from unrolling.data import refused


def gaussian(width):
    """A Gaussian kernel of that standard deviation in pixels; None for 0."""
    if not width:
        return None
    radius = int(np.ceil(4 * width))
    taps = np.exp(-0.5 * (np.arange(-radius, radius + 1) / width) ** 2)
    return np.outer(taps, taps) / taps.sum() ** 2


def reflexive(u, kernel):
    """The images convolved with a kernel, as in a mirror at the borders.

    The sum over the kernel's entries, of shifted images: slow, but plain.

    Parameters
    ----------
    u : ndarray, shape (n_samples, height, width)
    kernel : ndarray of odd sizes, or None for the identity
    """
    if kernel is None:
        return u
    margins = [(0, 0)] + [(n // 2, n // 2) for n in kernel.shape]
    wide, (height, width) = np.pad(u, margins, mode="symmetric"), u.shape[1:]
    return sum(weight * wide[:, i:i + height, j:j + width]
               for (i, j), weight in np.ndenumerate(kernel[::-1, ::-1]))


def observed(u, n_train, n_test, blur, noise, rng):
    """x = A u + noise, a data set's dictionary; or refused.

    Parameters
    ----------
    u : ndarray, shape (n_samples, height, width)
        Values of 0 to 1.
    n_train, n_test : int
        The first images train, the others test. Fewer images than that are
        refused.
    blur : float
        Standard deviation of the Gaussian kernel, pixels; 0 for A = I.
    noise : float
        Standard deviation of the normal noise.
    rng : numpy.random.Generator
    """
    if not (blur >= 0 and noise >= 0 and np.isfinite(blur + noise)):
        return refused("blur and noise must be finite and >= 0, got "
                       f"blur={blur}, noise={noise}")
    if len(u) < n_train + n_test:
        return refused(
            f"n_train + n_test must be at most {len(u)}, the images there "
            f"are, got {n_train} + {n_test}")
    kernel = gaussian(blur)
    x = reflexive(u, kernel) + noise * rng.standard_normal(u.shape)
    return {"kernel": kernel, "x_train": x[:n_train], "x_test": x[n_train:],
            "u_train": u[:n_train], "u_test": u[n_train:]}
