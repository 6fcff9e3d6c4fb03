"""How near two clouds of points are to each other."""
import numpy as np

N_DIRECTIONS = 64
LEAST_SHARE = 0.01
"""A mode counts if this share of the samples is close to it."""


def sliced_wasserstein(x, y):
    """The Wasserstein-1 distance of two clouds, averaged over directions.

    On a line it is the mean difference of the sorted points: J. Rabin, G.
    Peyre, J. Delon and M. Bernot, Wasserstein barycenter and its application
    to texture mixing, SSVM 2011, doi:10.1007/978-3-642-24785-9_37.

    Parameters
    ----------
    x, y : ndarray, shape (n_samples, n_features)

    Returns
    -------
    float, in the unit of the points
    """
    rng = np.random.default_rng(0)
    directions = rng.standard_normal((x.shape[1], N_DIRECTIONS))
    directions /= np.linalg.norm(directions, axis=0)
    return abs(np.sort(x @ directions, axis=0)
               - np.sort(y @ directions, axis=0)).mean()


def nearest(x, centres):
    """The nearest centre of each point: its index, and the distance."""
    squares = ((x**2).sum(axis=1)[:, None] - 2 * x @ centres.T
               + (centres**2).sum(axis=1))
    index = squares.argmin(axis=1)
    return index, np.linalg.norm(x - centres[index], axis=1)


def fidelity(x, centres, labels, radius):
    """Modes that samples reach, and the share that is close to one.

    Parameters
    ----------
    x : ndarray, shape (n_samples, n_features)
    centres : ndarray, shape (n_centres, n_features)
    labels : ndarray of int, shape (n_centres,)
    radius : float

    Returns
    -------
    modes : int
        Labels to whose centres at least LEAST_SHARE of the samples are close.
    fraction : float
        Share of the samples within the radius of a centre.
    """
    index, distance = nearest(x, centres)
    close = distance <= radius
    counts = np.bincount(labels[index[close]])
    return (int((counts >= LEAST_SHARE * len(x)).sum()),
            float(close.mean()))
