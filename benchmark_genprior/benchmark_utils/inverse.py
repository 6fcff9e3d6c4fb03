"""Losses L(w) of images against their measurements b, row by row.

w is (n_samples, n_pixels), b (n_samples, n_measurements), A (n_measurements,
n_pixels), the same for all; all are tensors on one device.
"""
from functools import cached_property

import torch

from unrolling.prox import prox_linf, soft_threshold


class Nothing:
    """L(w) = 0."""

    def error(self, w):
        """L of each row, (n_samples,)."""
        return 0 * w[:, 0]

    def prox(self, v, rho):
        """argmin_w L(w) + rho/2 ||w - v||^2, for rho (n_samples, 1)."""
        return v

    def prox_in_box(self, v, rho):
        """The same subject to 0 <= w <= 1, or None without a closed form."""
        return v.clip(0, 1)


class LeastSquares:
    """L(w) = 1/2 ||A w - b||^2.

    Its proximal operator needs one singular value decomposition of A, which
    is kept, whatever the penalties are.
    """

    smooth, proximal, residuals = True, True, True

    def __init__(self, A, b):
        self.A, self.b = A, b

    def rows(self, rows):
        """The same loss of some of the samples."""
        return type(self)(self.A, self.b[rows])

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
        U, s, Vt = self.svd
        return v - (self.residual(v) @ U * (s / (s**2 + rho))) @ Vt

    @cached_property
    def svd(self):
        return torch.linalg.svd(self.A, full_matrices=False)

    def prox_in_box(self, v, rho):
        """The same subject to 0 <= w <= 1, where A'A is diagonal: pixels are
        problems of their own then, whose minimisers are cut; else None."""
        return self.prox(v, rho).clip(0, 1) if self.separable else None

    @cached_property
    def separable(self):
        """Whether each measurement is of one pixel."""
        return bool(((self.A != 0).sum(1) <= 1).all())

    def steepness(self):
        """The mean size of the entries of A'b, the gradient at a black image
        up to its sign, (n_samples, 1)."""
        return (self.b @ self.A).abs().mean(1, keepdim=True)

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

    def rows(self, rows):
        """The same loss of some of the samples."""
        return type(self)(self.A, self.b[rows])

    def error(self, w):
        """L of each row, (n_samples,)."""
        return (w - self.b).abs().sum(1)

    def grad(self, w):
        """A subgradient in w, (n_samples, n_pixels)."""
        return (w - self.b).sign()

    def prox(self, v, rho):
        """argmin_w L(w) + rho/2 ||w - v||^2, for rho (n_samples, 1)."""
        return self.b + soft_threshold(v - self.b, 1 / rho)

    def prox_in_box(self, v, rho):
        """The same subject to 0 <= w <= 1: pixels are problems of their own,
        whose minimisers are cut."""
        return self.prox(v, rho).clip(0, 1)

    def steepness(self):
        """The size of the entries of a gradient far from b, (n_samples, 1).
        """
        return torch.ones_like(self.b[:, :1])

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

    def prox_in_box(self, v, rho):
        """The same subject to 0 <= w <= 1, for b in the box.

        For L <= t, w is v cut to the box, then to b - t and b + t. With u =
        |v - b| and c = |v cut - b| <= u, the derivative in t of the cost is 1
        - rho sum_{c_i > t} (u_i - t), which decreases to its jumps at the c:
        it vanishes, or changes its sign, at max_k min(c_k, (u_1 + ... + u_k -
        1 / rho) / k), with c in descending order, or t = 0.
        """
        cut = v.clip(0, 1)
        c, order = (cut - self.b).abs().sort(dim=1, descending=True)
        u = (v - self.b).abs().gather(1, order)
        k = torch.arange(1, v.shape[1] + 1, device=v.device)
        t = torch.minimum(c, (u.cumsum(1) - 1 / rho) / k).amax(
            1, keepdim=True).clip(min=0)
        return torch.clamp(cut, self.b - t, self.b + t)

    def steepness(self):
        return super().steepness() / self.b.shape[1]

    def unit(self, w):
        """The penalty from which on the prox is not b itself."""
        return 1 / (w - self.b).abs().sum(1, keepdim=True).clamp(min=1e-6)


LOSSES = {"l2": LeastSquares, "amplitude": Amplitude, "l1": Absolute,
          "linf": Largest}
"""Name of a loss, as the objective says it -> its class."""
