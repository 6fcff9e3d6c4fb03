"""The Lasso, F_x(z) = 1/2 ||x - D z||^2 + lmbd ||z||_1, for many x.

Samples are rows: D (n_dim, n_atoms), x (n_samples, n_dim),
z (n_samples, n_atoms). Everything is float64 unless said otherwise.
"""
import warnings
from typing import NamedTuple

import numpy as np
import torch

from unrolling.active_set import solve_batch
from unrolling.layers import layer_metrics
from unrolling.network import UnrolledNetwork
from unrolling.prox import threshold_step


class Lasso(NamedTuple):
    """Solutions of a batch of problems, with their certificates."""

    z: np.ndarray
    """(n_samples, n_atoms)"""
    gap: np.ndarray
    """(n_samples,), duality gap of each problem over its F(0)"""


def check_lasso(D, x, lmbd=None):
    """Check shapes and values; ValueError says expected, got, what to do."""
    for name, array in (("D", D), ("x", x)):
        if np.ndim(array) != 2:
            raise ValueError(
                f"{name} must be a 2-D array, got shape {np.shape(array)}; "
                "D is (n_dim, n_atoms), x is (n_samples, n_dim)"
            )
        if not np.isfinite(array).all():
            raise ValueError(
                f"{name} must be finite, got {np.sum(~np.isfinite(array))} "
                "NaN or infinite entries: drop or impute them first"
            )
    if x.shape[1] != D.shape[0]:
        raise ValueError(
            f"x must have {D.shape[0]} columns (n_dim, the rows of D), got "
            f"shape {x.shape}; samples are rows"
        )
    zero = np.flatnonzero(~D.any(axis=0))
    if len(zero):
        raise ValueError(
            f"the atoms (columns) of D must be nonzero, got zeros in columns "
            f"{zero[:10].tolist()}: remove them"
        )
    if lmbd is not None and (
        np.ndim(lmbd) > 1 or np.size(lmbd) not in (1, len(x))
        or not np.all(np.asarray(lmbd) > 0) or not np.isfinite(lmbd).all()
    ):
        raise ValueError(
            f"lmbd must be positive, one number or one per sample "
            f"({len(x)}), got {lmbd}"
        )


def lipschitz(D):
    """L = ||D||_2^2, the Lipschitz constant of z -> D'(Dz - x), a float."""
    if isinstance(D, torch.Tensor):
        return torch.linalg.matrix_norm(D, ord=2).item() ** 2
    return float(np.linalg.norm(D, ord=2) ** 2)


def support_lipschitz(D, z):
    """L_S = ||D_S||_2^2 for the support S of each row of z (0 where empty).

    One singular value decomposition per row: exact, and slow.
    """
    return np.array([lipschitz(D[:, row != 0]) if row.any() else 0.0
                     for row in z])


def lasso_cost(z, D, x, lmbd):
    """F_x(z) of each sample, shape (n_samples,)."""
    residual = x - z @ D.T
    return 0.5 * (residual**2).sum(axis=1) + lmbd * abs(z).sum(axis=1)


def duality_gap(z, D, x, lmbd):
    """Duality gap of each sample over its F(0) = ||x||^2 / 2, (n_samples,).

    The dual point is the residual scaled into the feasible set,
    ||D' theta||_inf <= lmbd, so the gap bounds F(z) - F* from above.
    """
    residual = x - z @ D.T
    residual2 = (residual**2).sum(axis=1)
    bound = np.maximum(abs(residual @ D).max(axis=1), 1e-300)
    scale = np.minimum(1, lmbd / bound)
    primal = 0.5 * residual2 + lmbd * abs(z).sum(axis=1)
    dual = scale * (residual * x).sum(axis=1) - 0.5 * scale**2 * residual2
    return (primal - dual) / np.maximum(0.5 * (x**2).sum(axis=1), 1e-300)


def solve_lasso(D, x, lmbd, tol=1e-6, max_rounds=10_000):
    """Solve many Lasso problems that share one dictionary.

    Coordinate descent and exact steps on the active set (see
    `unrolling.active_set`), parallel over the problems.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms)
        Atoms need not be normalised. The Gram matrix is formed:
        8 n_atoms^2 bytes.
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float or ndarray, shape (n_samples,)
        In the unit of D'x.
    tol : float
        Relative duality gap, gap / F(0), to reach for every problem.
    max_rounds : int
        Bound on the rounds of one problem.

    Returns
    -------
    Lasso(z, gap)
        z (n_samples, n_atoms) and the relative duality gap of each sample.
        Warns where a gap is above tol.

    Raises
    ------
    ValueError
        Shapes that do not match, NaN, zero atoms, lmbd <= 0.
    """
    D, x = np.asarray(D, dtype=float), np.asarray(x, dtype=float)
    check_lasso(D, x, lmbd)
    lmbd = np.broadcast_to(np.asarray(lmbd, dtype=float), len(x)).copy()
    z = np.zeros((len(x), D.shape[1]))
    solve_batch(D.T @ D, x @ D, (x**2).sum(axis=1), lmbd, z, tol, max_rounds)
    gap = duality_gap(z, D, x, lmbd)
    if (gap > tol).any():
        warnings.warn(
            f"expected relative duality gaps <= {tol:.1e}, got up to "
            f"{gap.max():.1e} on {(gap > tol).sum()} of {len(x)} problems: "
            f"raise max_rounds (now {max_rounds}) or tol",
            stacklevel=2,
        )
    return Lasso(z, gap)


class ProximalGradient:
    """z <- ST(y - step D'(Dy - x), step lmbd), without temporary arrays.

    One call costs the two matrix products and one pass over z. The arrays
    that it returns are its own, used in turn: a result is overwritten by the
    second call after it.

    Parameters
    ----------
    D, x : ndarrays, or both Tensors on one device
        Shapes (n_dim, n_atoms) and (n_samples, n_dim).
    lmbd : float
    """

    def __init__(self, D, x, lmbd):
        self.D, self.x, self.lmbd = D, x, lmbd
        empty = np.empty if isinstance(x, np.ndarray) else x.new_empty
        shape = (x.shape[0], D.shape[1])
        self.residual = empty(tuple(x.shape), dtype=x.dtype)
        self.out = [empty(shape, dtype=x.dtype) for _ in range(2)]

    def start(self):
        """The start point z = 0, shape (n_samples, n_atoms)."""
        self.out[0][...] = 0
        return self.out[0]

    def __call__(self, y, step):
        D, x, residual = self.D, self.x, self.residual
        self.out.reverse()
        out = self.out[0]
        if isinstance(x, np.ndarray):
            np.matmul(y, D.T, out=residual)
            residual -= x
            np.matmul(residual, D, out=out)
            real = x.dtype.type
            threshold_step(y, out, real(step), real(step * self.lmbd))
        else:
            torch.addmm(x, y, D.T, beta=-1, out=residual)
            torch.mm(residual, D, out=out)
            torch.sub(y, out, alpha=step, out=out)
            torch.ops.aten.softshrink.out(out, step * self.lmbd, out=out)
        return out


class LassoNetwork(UnrolledNetwork):
    """Base of the networks that unroll an algorithm for the Lasso.

    Untrained they are ISTA, unless their class says otherwise in `unrolls`.
    Their layers start from z = 0 and may use `self.D`, `self.x` (the batch),
    `self.lmbd`, `self.L` = ||D||_2^2, `self.residual(z)` and `self.grad(z)`.

    Parameters
    ----------
    D : ndarray, shape (n_dim, n_atoms)
    lmbd : float
    """

    unrolls = "ISTA"

    def __init__(self, D, lmbd):
        super().__init__()
        self.D = torch.as_tensor(D, dtype=torch.float64)
        self.lmbd = float(lmbd)
        self.L = lipschitz(D)

    def start(self):
        """z = 0 for each sample of the batch."""
        return self.x.new_zeros(len(self.x), self.D.shape[1])

    def residual(self, z):
        """Dz - x, (n_samples, n_dim), computed once for each point z."""
        if self.memo[0] is not z:
            self.memo = z, torch.addmm(self.x, z, self.D.T, beta=-1)
        return self.memo[1]

    def grad(self, z):
        """D'(Dz - x), the gradient of the data fit, (n_samples, n_atoms)."""
        return self.residual(z) @ self.D

    def cost(self, z):
        """F_x(z) of each sample, (n_samples,)."""
        fit = 0.5 * (self.residual(z) ** 2).sum(dim=1)
        return fit + self.lmbd * z.abs().sum(dim=1)

    def dictionary(self, **parameters):
        """alpha/beta W of a layer ST(z - alpha W'(Dz - x), beta lmbd), which
        is D where it is a step of ISTA; None where it is of another form."""
        return None

    def support_lipschitz(self, z):
        """L_S of each row of z, ndarray (n_samples,)."""
        return support_lipschitz(self.D.cpu().numpy(), z.cpu().numpy())

    def layer_metrics(self, x):
        """Measures of each layer, see `unrolling.layers`."""
        return layer_metrics(self, x)

    def solve(self, x, tol=1e-10):
        """Minimisers of F_x, ndarray (n_samples, n_atoms)."""
        return solve_lasso(self.D.cpu().numpy(), x, self.lmbd, tol).z
