"""Networks for min_u 1/2 ||x - A u||^2 + penalty(u)."""
import torch

from unrolling.device import real_tensor, to_numpy
from unrolling.linear import lipschitz
from unrolling.network import UnrolledNetwork

LARGEST_L = 1e150
"""Bound on L and 1/L: the square of each is far from float64's limits."""


class LinearNetwork(UnrolledNetwork):
    """Base of the networks whose data fit is 1/2 ||x - A u||^2.

    Their layers start from zero and may use `self.A`, `self.x` (the batch),
    `self.L` = ||A||_2^2, `self.residual(u)` and `self.grad(u)`.

    Parameters
    ----------
    A : ndarray or Tensor, shape (n_dim, n_coefs)

    Raises
    ------
    ValueError
        A is not a finite, dense, real matrix, or its scale is extreme.
    """

    def __init__(self, A):
        super().__init__()
        A = to_numpy(real_tensor("A", A))
        self.A = torch.tensor(A)
        self.L = lipschitz(A)
        if not 1 / LARGEST_L < self.L < LARGEST_L:
            raise ValueError(
                f"expected a matrix with ||A||_2^2 between {1 / LARGEST_L} "
                f"and {LARGEST_L}, got {self.L}, with which steps vanish or "
                "overflow: divide it, lmbd and the outputs by its largest "
                f"entry, {abs(A).max():.1e}")

    @property
    def problem(self):
        return {"A": self.A}

    def check(self, x):
        expected = len(self.A)
        if x.ndim != 2 or x.shape[1] != expected:
            raise ValueError(
                f"x must have shape (n_samples, {expected}), got "
                f"{tuple(x.shape)}: samples are rows, and their length is "
                "the number of rows of the matrix"
            )
        super().check(x)

    def start(self):
        """u = 0 for each sample of the batch, (n_samples, n_coefs)."""
        u = self.x.new_zeros(len(self.x), self.A.shape[1])
        self.memo = u, -self.x  # the residual of zero needs no product
        return u

    def residual(self, u):
        """Au - x, (n_samples, n_dim), computed once for each point u."""
        if self.memo[0] is not u:
            self.memo = u, torch.addmm(self.x, u, self.A.T, beta=-1)
        return self.memo[1]

    def grad(self, u):
        """A'(Au - x), the gradient of the data fit, (n_samples, n_coefs)."""
        return self.residual(u) @ self.A
