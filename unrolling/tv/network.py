"""Networks that unroll an algorithm for TV-regularised regression."""
import numpy as np
import torch

from unrolling.checks import check_fit, one_lmbd
from unrolling.device import real_tensor, to_numpy
from unrolling.linear_network import LinearNetwork
from unrolling.prox import unchecked_prox_tv
from unrolling.tv.constant import constant_column
from unrolling.tv.measures import jacobian_metrics
from unrolling.tv.solve import solve_tv


class TVNetwork(LinearNetwork):
    """Base of the networks that unroll an algorithm for

    P_x(u) = 1/2 ||x - A u||^2 + lmbd ||nabla u||_1.

    Untrained they are proximal gradient descent with the exact prox, unless
    their class says otherwise in `unrolls`. Their layers may use `self.A`,
    `self.x` (the batch), `self.lmbd`, `self.L` = ||A||_2^2,
    `self.residual(u)`, `self.grad(u)` and `self.prox(v, t)`.

    They start from the best constant, unless another start is given: it is
    the solution from lmbd_max on, and costs one product. The published
    networks start from x pinv(A)'; where A has small singular values, that is
    noise divided by them, whose cost is larger than that of zero by orders of
    magnitude, and what is learned is to undo it.

    Parameters
    ----------
    A : ndarray or Tensor, shape (n_dim, n_times)
    lmbd : float, > 0
        The penalty. Networks learn best where all samples have one scale:
        divide each x by its `unrolling.tv.tv_lmbd_max`, multiply its signal
        by it.
    start_map : ndarray or Tensor, shape (n_times, n_dim), or None
        The matrix whose product with a sample is its start, pinv(A) say; None
        for the best constant.

    Raises
    ------
    ValueError
        A is not a finite, dense, real matrix, or zero, or its scale is
        extreme; lmbd is not positive; start_map has another shape, or NaN.
    """

    variable = "u"
    unrolls = "PGD"

    def __init__(self, A, lmbd, start_map=None):
        A = to_numpy(real_tensor("A", A))
        check_fit("A", "time", A, np.zeros((1, *A.shape[:1])))
        if not A.any():
            raise ValueError(
                "A must not be zero: then each constant is a solution")
        super().__init__(A)
        self.lmbd = one_lmbd(lmbd)
        self.column = torch.tensor(constant_column(A))
        self.start_map = None if start_map is None else as_start_map(
            start_map, A)

    @property
    def problem(self):
        problem = {"A": self.A, "lmbd": self.lmbd}
        if self.start_map is not None:
            problem["start_map"] = self.start_map
        return problem

    def start(self):
        """The start of each sample, (n_samples, n_times)."""
        if self.start_map is not None:
            return self.x @ self.start_map.T
        norm2 = (self.column @ self.column).item()
        c = self.x @ self.column / (norm2 or 1)
        return c[:, None].repeat(1, self.A.shape[1])

    def prox(self, v, t):
        """The prox of t ||nabla .||_1 on each row of v, see `prox_tv`."""
        return unchecked_prox_tv(v, t)

    def cost(self, u):
        """P_x(u) of each sample, (n_samples,)."""
        fit = 0.5 * (self.residual(u) ** 2).sum(dim=1)
        return fit + self.lmbd * u.diff(dim=1).abs().sum(dim=1)

    def solve(self, x, tol=1e-10):
        """Minimisers of P_x, ndarray (n_samples, n_times)."""
        return solve_tv(to_numpy(self.A), to_numpy(x), self.lmbd, tol).u

    def layer_metrics(self, x, at_solutions=False):
        """Measures of each layer, see `unrolling.tv.measures`."""
        return jacobian_metrics(self, x) if at_solutions else {}


def as_start_map(start_map, A):
    """The matrix of the starts as a Tensor; ValueError unless it fits A."""
    start_map = real_tensor("start_map", start_map).to(torch.float64)
    if start_map.shape != A.shape[::-1] or not start_map.isfinite().all():
        raise ValueError(
            f"start_map must be finite and have the shape {A.shape[::-1]} of "
            f"A', got shape {tuple(start_map.shape)}: its product with a "
            "sample is the start of its signal")
    return start_map
