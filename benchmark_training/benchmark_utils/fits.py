"""Tasks of one player: fit a network to data, with weight decay."""
import numpy as np

from benchmark_utils.perceptron import Forward, Perceptron


def squared_error(output, y):
    """Sum of squares, and its derivative in the output (n_rows, 1)."""
    residual = output - y[:, None]
    return (residual**2).sum(), 2 * residual


def cross_entropy(output, y):
    """Sum of -log softmax(output)[y], and its derivative in the output."""
    shifted = output - output.max(axis=1, keepdims=True)
    exponential = np.exp(shifted)
    total = exponential.sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    slope = exponential / total
    slope[rows, y] -= 1
    return (np.log(total[:, 0]) - shifted[rows, y]).sum(), slope


def rmse(output, y):
    """Root of the mean squared error."""
    return np.sqrt(((output[:, 0] - y) ** 2).mean())


def error_rate(output, y):
    """Share of rows whose largest output is not that of their class."""
    return (output.argmax(axis=1) != y).mean()


LOSSES = {"regression": (squared_error, rmse),
          "classification": (cross_entropy, error_rate)}
"""kind -> loss, and error on test data."""


class Fit:
    """min_theta F(theta) = f(theta) + g(theta), g = decay/2 ||theta||^2.

    f is the sum over the training samples of the squared error (regression,
    one output) or of the cross-entropy (classification) of a network with one
    hidden layer of tanh.

    Parameters
    ----------
    kind : "regression" or "classification"
    X_train, X_test : ndarray, shape (n_samples, n_features)
    y_train, y_test : ndarray, shape (n_samples,), float or classes from 0 on
    n_hidden, batch_size : int
    decay : float, >= 0
    seed : int
        Of the start.
    """

    def __init__(self, kind, X_train, y_train, X_test, y_test, n_hidden,
                 batch_size, decay, seed):
        self.kind = self.data = kind
        self.decay, self.batch_size = decay, batch_size
        self.X, self.y, self.X_test, self.y_test = (
            X_train, y_train, X_test, y_test)
        self.loss, self.test_error = LOSSES[kind]
        n_out = 1 if kind == "regression" else int(y_train.max()) + 1
        self.n_samples = len(X_train)
        self.network = Perceptron((X_train.shape[1], n_hidden, n_out))
        self.seed = seed
        self.start = self.drawn_start(0)

    def drawn_start(self, n):
        """The n-th start, of a stream that shares nothing with the data's,
        which may have the same seed."""
        return self.network.start(np.random.default_rng([self.seed, 1, n]))

    def draw(self, rng):
        """Rows of a batch, drawn with replacement, (batch_size,) of int."""
        return rng.integers(self.n_samples, size=self.batch_size)

    def loss_gradient(self, theta, rows=slice(None)):
        """An unbiased estimate of the gradient of f, from some rows."""
        y = self.y[rows]
        forward = Forward(self.network, theta, self.X[rows])
        slope = self.loss(forward.output, y)[1]
        return (self.n_samples / len(y)) * forward.gradient(slope)

    def gradient(self, theta, rows=slice(None)):
        """An unbiased estimate of the gradient of F, from some rows."""
        return self.loss_gradient(theta, rows) + self.decay * theta

    def objective(self, theta):
        """f(theta) and g(theta), floats."""
        f, _ = self.loss(self.network(theta, self.X), self.y)
        return f, self.decay / 2 * (theta @ theta)

    def value_and_gradient(self, theta):
        """F(theta), and its gradient on all rows."""
        forward = Forward(self.network, theta, self.X)
        f, slope = self.loss(forward.output, self.y)
        return (f + self.decay / 2 * (theta @ theta),
                forward.gradient(slope) + self.decay * theta)

    def metrics(self, theta, theta_2=None):
        """F at the parameters of each block, and the error on test data.

        `value` is F(theta), infinite for parameters that are not finite.
        """
        with np.errstate(all="ignore"):
            f, g = self.objective(theta)
            metrics = {
                "value": f + g, "data_loss": f, "penalty": g,
                "test_error": self.test_error(
                    self.network(theta, self.X_test), self.y_test)}
            if theta_2 is not None:
                average = (theta + theta_2) / 2
                metrics |= {
                    "value_theta_2": sum(self.objective(theta_2)),
                    "value_average": sum(self.objective(average)),
                    "consensus_gap": np.linalg.norm(theta - theta_2)
                    / np.linalg.norm(average)}
        return metrics
