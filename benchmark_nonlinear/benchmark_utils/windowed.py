"""The nonlinear deconvolution of Zhou et al., arXiv:2307.16120."""
import numpy as np

from benchmark_utils.nonlinear_operator import Linearisation, Operator

WINDOW, STRIDE = 9, 4


class WindowedQuadratic(Operator):
    """y_i = a w_i' W1 w_i + W2' w_i, with w_i the i-th window of x.

    Windows have WINDOW entries and begin STRIDE entries after one another.

    Parameters
    ----------
    n_x : int
    a : float >= 0, the strength of the nonlinearity
    W1 : ndarray, shape (WINDOW, WINDOW)
    W2 : ndarray, shape (WINDOW,)
    symmetric : bool
        Whether the Jacobian is computed as if W1 were symmetric,
        2 a W1 w_i + W2, as in the code of the paper's authors. It is wrong:
        the derivative is a (W1 + W1') w_i + W2.
    """

    def __init__(self, n_x, a, W1, W2, symmetric=False):
        starts = np.arange(0, n_x - WINDOW + 1, STRIDE)
        self.index = starts[:, None] + np.arange(WINDOW)
        self.n_x, self.n_y = n_x, len(starts)
        self.a, self.W1, self.W2 = a, W1, W2
        self.slope = a * (2 * W1 if symmetric else W1 + W1.T)
        self.scatter = np.zeros((self.index.size, n_x))
        self.scatter[np.arange(self.index.size), self.index.ravel()] = 1
        self.settings = "windowed", a, W1, W2, symmetric

    def at(self, x):
        windows = x[:, self.index]
        # the derivative of y_i on its window, (n_samples, n_y, WINDOW)
        rows = windows @ self.slope.T + self.W2
        value = self.a * ((windows @ self.W1.T) * windows).sum(
            axis=2) + windows @ self.W2

        def pull(r):
            return (rows * r[..., None]).reshape(len(x), -1) @ self.scatter

        def push(d):
            return (rows * d[:, self.index]).sum(axis=2)

        def jacobian():
            J = np.zeros((len(x), self.n_y, self.n_x))
            J[:, np.arange(self.n_y)[:, None], self.index] = rows
            return J

        return Linearisation(value, pull, push, jacobian)


def random_weights(rng):
    """W1, upper triangular, and W2, as the paper's code draws them.

    Both are >= 0 and each sums to one.
    """
    W1 = np.triu(rng.random((WINDOW, WINDOW)))
    W2 = abs(rng.standard_normal(WINDOW))
    return W1 / W1.sum(), W2 / W2.sum()


def random_signals(n_samples, n_x, rng):
    """Signals in [-1, 1], (n_samples, n_x): Laplace walks that stay positive.

    z_1 ~ N(0, 1), z_{j+1} ~ Laplace(z_j, 0.5), accepted if all z_j > 0; x is
    z, mapped affinely onto [-1, 1].
    """
    accepted = [np.zeros((0, n_x))]
    while sum(map(len, accepted)) < n_samples:
        z = np.hstack([rng.standard_normal((20_000, 1)),
                       rng.laplace(scale=0.5, size=(20_000, n_x - 1))])
        z = z.cumsum(axis=1)
        accepted.append(z[(z > 0).all(axis=1)])
    z = np.concatenate(accepted)[:n_samples]
    low, high = (f(axis=1, keepdims=True) for f in (z.min, z.max))
    return 2 * (z - low) / (high - low) - 1
