"""Fully connected networks, whose parameters are one flat vector.

The networks here have 100 to 10,000 parameters and batches of 20 to 128 rows.
At that size a step of a general automatic differentiation is mostly overhead,
so that backpropagation is written out; `performance/training/step.py` measures
the difference, and the tests compare both.
"""
import numpy as np

LEAK = 0.2
"""Slope of the leaky rectifier below 0."""


def tanh(v):
    """tanh(v) and its derivative."""
    value = np.tanh(v)
    return value, 1 - value**2


def leaky_relu(v):
    """max(v, LEAK v) and its derivative."""
    slope = (v > 0) * v.dtype.type(1 - LEAK) + v.dtype.type(LEAK)
    return v * slope, slope


class Perceptron:
    """h <- activation(h W_l + b_l) for each layer l; the last one is linear.

    Parameters
    ----------
    widths : tuple of int
        From the input's to the output's.
    activation : function
        Of an array: its values and derivatives, such as `tanh`.
    """

    def __init__(self, widths, activation=tanh):
        self.widths, self.activation = tuple(widths), activation
        self.shapes, end = [], 0
        for n_in, n_out in zip(widths, widths[1:], strict=False):
            weights, end = end, end + n_in * n_out
            biases, end = end, end + n_out
            self.shapes.append((weights, biases, end, (n_in, n_out)))
        self.n_parameters = end

    def start(self, rng):
        """Normal weights of variance 1 / n_in, no biases: (n_parameters,)."""
        theta = np.zeros(self.n_parameters)
        for W, _ in self.layers(theta):
            W[:] = rng.standard_normal(W.shape) / np.sqrt(len(W))
        return theta

    def layers(self, theta):
        """Views of a vector: weights (n_in, n_out) and biases of each layer.
        """
        return [(theta[weights:biases].reshape(shape), theta[biases:end])
                for weights, biases, end, shape in self.shapes]

    def __call__(self, theta, x):
        """The output (n_rows, n_out) of x (n_rows, n_in)."""
        return Forward(self, theta, x).output


class Forward:
    """A network's output, and products with its derivative's transpose.

    Parameters
    ----------
    network : Perceptron
    theta : ndarray, shape (n_parameters,)
    x : ndarray, shape (n_rows, n_in), of theta's dtype
    """

    def __init__(self, network, theta, x):
        self.network, self.layers = network, network.layers(theta)
        self.inputs, self.slopes = [], []
        *hidden, (W, b) = self.layers
        for W_l, b_l in hidden:
            self.inputs.append(x)
            x, slope = network.activation(x @ W_l + b_l)
            self.slopes.append(slope)
        self.inputs.append(x)
        self.output = x @ W + b

    def gradient(self, v):
        """Gradient of sum(v * output) in the parameters, (n_parameters,)."""
        gradient = np.empty(self.network.n_parameters, v.dtype)
        pieces = self.network.layers(gradient)
        for x, (W, b), v_l in zip(
                self.inputs[::-1], pieces[::-1], self.backward(v),
                strict=True):
            W[:], b[:] = x.T @ v_l, v_l.sum(axis=0)
        return gradient

    def input_gradient(self, v):
        """Gradient of sum(v * output) in x, (n_rows, n_in)."""
        *_, first = self.backward(v)
        return first @ self.layers[0][0].T

    def backward(self, v):
        """Yields the derivatives in each layer's sum, from the last layer."""
        yield v
        for (W, _), slope in zip(
                self.layers[:0:-1], self.slopes[::-1], strict=True):
            v = (v @ W.T) * slope
            yield v
