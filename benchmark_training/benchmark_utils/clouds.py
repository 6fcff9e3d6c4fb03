"""How near two clouds of points are to each other."""
import numpy as np

N_DIRECTIONS = 64
LEAST_SHARE = 0.01
"""A mode counts if this share of the samples is close to it."""


class SlicedWasserstein:
    """The Wasserstein-1 distance to a cloud, averaged over directions.

    On a line it is the mean difference of the sorted points: J. Rabin, G.
    Peyre, J. Delon and M. Bernot, Wasserstein barycenter and its application
    to texture mixing, SSVM 2011, doi:10.1007/978-3-642-24785-9_37.

    Parameters
    ----------
    y : ndarray, shape (n_samples, n_features)
    """

    def __init__(self, y):
        rng = np.random.default_rng(0)
        directions = rng.standard_normal((N_DIRECTIONS, y.shape[1]))
        self.directions = directions / np.linalg.norm(
            directions, axis=1, keepdims=True)
        self.y = self.sorted(y)

    def sorted(self, x):
        """Points on each direction, (N_DIRECTIONS, n_samples), sorted."""
        return np.sort(self.directions @ x.T, axis=1)

    def __call__(self, x):
        """The distance of x, of y's shape, in the unit of the points."""
        return abs(self.sorted(x) - self.y).mean()


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
