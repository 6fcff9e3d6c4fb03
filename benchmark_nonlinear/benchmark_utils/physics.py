"""The operator as networks see it: standardised, and detached."""
import numpy as np
import torch


class Physics:
    """K, J and J' on standardised tensors in single precision.

    Networks work with f = (x - background) / x_scale; data and residuals are
    in units of y_scale, gradients in units of g_scale: root mean squares over
    the training samples, the last two at the background. (At a good initial
    guess residuals are tiny; in their unit, a layer's step would be huge.) K
    and J are evaluated in double precision by numpy, and detached, as in the
    code of arXiv:2307.16120: training differentiates through the learned
    parts, and through J' h by h, only.

    Parameters
    ----------
    K : Operator
    background : ndarray, shape (n_x,)
    train : Samples
    """

    def __init__(self, K, background, train):
        self.K, self.background = K, background
        self.x_scale = rms(train.x - background)
        at = K.at(background[None])
        self.offset = at.value[0]
        residual = train.y - self.offset
        self.y_scale = rms(residual)
        self.g_scale = rms(residual / self.y_scale @ at.jacobian()[0])

    def encode(self, x):
        """f of points x (n_samples, n_x)."""
        return single((x - self.background) / self.x_scale)

    def decode(self, f):
        """x of f (n_samples, n_x), in double precision."""
        return self.background + self.x_scale * double(f)

    def gradient(self, f, y):
        """J(x)' (y - K(x)) at f, standardised, for y (n_samples, n_y)."""
        at = self.K.at(self.decode(f))
        residual = (y - at.value) / self.y_scale
        return single(at.pull(residual) / self.g_scale)

    def encode_data(self, y):
        """Data (n_samples, n_y) minus K(background), standardised."""
        return single((y - self.offset) / self.y_scale)

    def value(self, f):
        """K(x) at f, as `encode_data` does data."""
        return self.encode_data(self.K.forward(self.decode(f)))

    def pull(self, f, h):
        """J(x)' h at f, standardised, for standardised h (n_samples, n_y).

        Training differentiates it by h, but not by f."""
        return Pull.apply(h, self.K.at(self.decode(f)), self.g_scale)


class Pull(torch.autograd.Function):
    """J' h / scale, linear in h, whose derivative is applied by J."""

    @staticmethod
    def forward(ctx, h, at, scale):
        ctx.at, ctx.scale = at, scale
        return single(at.pull(double(h)) / scale)

    @staticmethod
    def backward(ctx, grad):
        return single(ctx.at.push(double(grad)) / ctx.scale), None, None


def rms(values):
    """The root of the mean square; 1 where all values are zero."""
    return float(np.sqrt(np.mean(values**2))) or 1.0


def single(values):
    """A numpy array as a Tensor in single precision."""
    return torch.as_tensor(values, dtype=torch.float32)


def double(values):
    """A Tensor, detached, as a numpy array in double precision."""
    return values.detach().double().numpy()
