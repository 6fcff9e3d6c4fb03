"""Losses L(w) of images against their measurements b, row by row.

w is (n_samples, n_pixels), b (n_samples, n_measurements), A (n_measurements,
n_pixels), the same for all; all are tensors on one device.
"""
import torch

from unrolling.prox import prox_linf, soft_threshold


class LeastSquares:
    """L(w) = 1/2 ||A w - b||^2.

    Its proximal operator needs one singular value decomposition of A, which
    is kept, whatever the penalties are.
    """

    smooth, proximal, residuals = True, True, True

    def __init__(self, A, b):
        self.A, self.b = A, b
        self.svd = None

    def forward(self, w):
        """What b is compared with, (n_samples, n_measurements)."""
        return w @ self.A.T

    def slope(self, w):
        """The factors of the rows of A in the derivative of `forward`."""
        return torch.ones_like(self.b)

    def residual(self, w):
        """`forward` minus b, (n_samples, n_measurements)."""
        return self.forward(w) - self.b

    def error(self, w):
        """L of each row, (n_samples,)."""
        return (self.residual(w) ** 2).sum(1) / 2

    def grad(self, w):
        """The gradient in w, (n_samples, n_pixels)."""
        return (self.residual(w) * self.slope(w)) @ self.A

    def curvature(self):
        """The Lipschitz constant of the gradient, ||A||_2^2."""
        return torch.linalg.matrix_norm(self.A, ord=2) ** 2

    def prox(self, v, rho):
        """argmin_w L(w) + rho/2 ||w - v||^2, for rho (n_samples, 1).

        With A = U diag(s) V', the minimiser is
        v + V diag(s / (s^2 + rho)) U' (b - A v).
        """
        if self.svd is None:
            self.svd = torch.linalg.svd(self.A, full_matrices=False)
        U, s, Vt = self.svd
        return v - (self.residual(v) @ U * (s / (s**2 + rho))) @ Vt

    def unit(self, w):
        """A penalty of the size of the mean curvature, for each row.

        Parameters
        ----------
        w : Tensor, shape (n_samples, n_pixels)
            The images at the start.

        Returns
        -------
        Tensor, shape (n_samples, 1)
        """
        return w.new_full((len(w), 1), float(
            (self.A**2).sum() / self.A.shape[1]))


class Amplitude(LeastSquares):
    """L(w) = 1/2 || |A w| - b ||^2, phase retrieval of real images.

    It is not convex; the gradient is that of the piece that w is on.
    """

    proximal = False

    def forward(self, w):
        return (w @ self.A.T).abs()

    def slope(self, w):
        return (w @ self.A.T).sign()


class Absolute:
    """L(w) = ||w - b||_1; the gradient is a subgradient."""

    smooth, proximal, residuals = False, True, False

    def __init__(self, A, b):
        self.A, self.b = A, b

    def error(self, w):
        """L of each row, (n_samples,)."""
        return (w - self.b).abs().sum(1)

    def grad(self, w):
        """A subgradient in w, (n_samples, n_pixels)."""
        return (w - self.b).sign()

    def prox(self, v, rho):
        """argmin_w L(w) + rho/2 ||w - v||^2, for rho (n_samples, 1)."""
        return self.b + soft_threshold(v - self.b, 1 / rho)

    def unit(self, w):
        """The penalty from which on the prox moves the farthest pixel only."""
        return 1 / (w - self.b).abs().amax(1, keepdim=True).clamp(min=1e-6)


class Largest(Absolute):
    """L(w) = ||w - b||_inf; pixels that tie share the subgradient."""

    def error(self, w):
        return (w - self.b).abs().amax(1)

    def grad(self, w):
        far = (w - self.b).abs()
        farthest = far == far.amax(1, keepdim=True)
        return (w - self.b).sign() * farthest / farthest.sum(1, keepdim=True)

    def prox(self, v, rho):
        return self.b + prox_linf(v - self.b, 1 / rho)

    def unit(self, w):
        """The penalty from which on the prox is not b itself."""
        return 1 / (w - self.b).abs().sum(1, keepdim=True).clamp(min=1e-6)


LOSSES = {"l2": LeastSquares, "amplitude": Amplitude, "l1": Absolute,
          "linf": Largest}
"""Name of a loss, as the objective says it -> its class."""
