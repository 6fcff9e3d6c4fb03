"""Tasks of two players: a generative adversarial network."""
import numpy as np

from benchmark_utils.clouds import SlicedWasserstein, fidelity
from benchmark_utils.perceptron import Forward, Perceptron, leaky_relu

N_SHOWN = 12
"""Generated images that the report shows."""


N_BINS = 64
"""Bins of each axis in the pictures of points of the plane."""


class Game:
    """A discriminator D that tells samples from those of a generator G.

    Both are networks with two hidden layers of leaky rectifiers. D's loss is
    the sum of two parts, one of real samples and one of fake ones G(z), with
    z normal.

    Parameters
    ----------
    X_train, X_test : ndarray, shape (n_samples, n_features)
    centres : ndarray, shape (n_centres, n_features)
    labels : ndarray of int, shape (n_centres,)
        The mode that each centre belongs to.
    radius : float
        A generated sample is close to the data if a centre is as near as that.
    shape : (int, int) or None
        That of samples which are images.
    n_latent, n_hidden, batch_size, seed : int
    """

    kind = "gan"

    def __init__(self, X_train, X_test, centres, labels, radius, shape,
                 n_latent, n_hidden, batch_size, seed):
        # squares of small integers would overflow
        X_train, X_test, centres = (
            np.asarray(v, float) for v in (X_train, X_test, centres))
        self.X, self.X_test, self.shape = X_train, X_test, shape
        self.data = "points" if shape is None else "images"
        self.centres, self.labels, self.radius = centres, labels, radius
        self.n_latent, self.batch_size = n_latent, batch_size
        n_features = X_train.shape[1]
        hidden = n_hidden, n_hidden
        self.G = Perceptron((n_latent, *hidden, n_features), leaky_relu)
        self.D = Perceptron((n_features, *hidden, 1), leaky_relu)
        rng = np.random.default_rng([seed, 1])  # not the stream of the data
        self.start = self.G.start(rng), self.D.start(rng)
        self.distance = SlicedWasserstein(X_test)
        self.z_test = rng.standard_normal((len(X_test), n_latent))

    def draw(self, rng, dtype):
        """A batch of real samples, and one of latents."""
        rows = rng.integers(len(self.X), size=self.batch_size)
        return self.X[rows].astype(dtype), rng.standard_normal(
            (self.batch_size, self.n_latent), dtype=dtype)

    def slope_of_part(self, part, theta_d, x):
        """Gradient in theta_d of the mean of one of D's parts.

        Parameters
        ----------
        part : function
            Of the logits: losses and derivatives, see `adversarial`.
        theta_d : ndarray, shape (D.n_parameters,)
        x : ndarray, shape (n_rows, n_features), real or fake
        """
        forward = Forward(self.D, theta_d, x)
        return forward.gradient(part(forward.output)[1] / len(x))

    def slope_of_generator(self, real, theta_g, theta_d, z):
        """Gradient in theta_g of the mean of -log p of G(z)."""
        forward = Forward(self.G, theta_g, z)
        judged = Forward(self.D, theta_d, forward.output)
        slope = real(judged.output)[1] / len(z)
        return forward.gradient(judged.input_gradient(slope))

    def metrics(self, theta_g, theta_d, theta_2=None):
        """What the generated samples are worth, and the consensus gap.

        `value` is the sliced Wasserstein distance to the test samples.
        """
        with np.errstate(all="ignore"):
            samples = self.samples(theta_g)
            gap = {} if theta_2 is None else {
                "consensus_gap": 2 * np.linalg.norm(theta_d - theta_2)
                / np.linalg.norm(theta_d + theta_2)}
        if not np.isfinite(samples).all():
            return {"value": np.inf, "modes": 0, "fraction": 0.0} | gap
        modes, fraction = fidelity(
            samples, self.centres, self.labels, self.radius)
        return {"value": self.distance(samples), "modes": modes,
                "fraction": fraction} | gap

    def samples(self, theta_g):
        """As many generated samples as test ones, always of one z."""
        return self.G(theta_g.astype(float), self.z_test)

    def pictures(self, theta_g):
        """Pictures of test and of generated samples, see `picture`."""
        with np.errstate(all="ignore"):
            samples = np.nan_to_num(self.samples(theta_g))
        return (picture(x, self.shape, 1.5 * abs(self.X_test).max())
                for x in (self.X_test, samples))


def picture(samples, shape, side):
    """Samples as one picture, (height, width), in [0, 1].

    Parameters
    ----------
    samples : ndarray, shape (n_samples, n_features), finite
    shape : (int, int) or None
        The first images side by side, or the density of points of the plane.
    side : float
        Half of the side of the square of the plane that is shown.
    """
    if shape is not None:
        return np.hstack(list(
            samples[:N_SHOWN].clip(0, 1).reshape(-1, *shape)))
    counts, _, _ = np.histogram2d(
        *samples.T, bins=N_BINS, range=[[-side, side]] * 2)
    return (counts / max(np.quantile(counts, 0.99), 1)).clip(0, 1)
