"""The Lasso, F_x(z) = 1/2 ||x - D z||^2 + lmbd ||z||_1, for many x.

Samples are rows: D (n_dim, n_atoms), x (n_samples, n_dim),
z (n_samples, n_atoms). Everything is float64 unless said otherwise.
"""
import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import torch
from joblib import cpu_count
from numba import njit
from scipy.sparse import csc_array, issparse
from threadpoolctl import ThreadpoolController

from unrolling.active_set import gaps, solve_batch
from unrolling.layers import layer_metrics
from unrolling.network import UnrolledNetwork
from unrolling.prox import threshold_step

BLAS = ThreadpoolController().select(user_api="blas")


class Lasso(NamedTuple):
    """Solutions of a batch of problems, with their certificates."""

    z: np.ndarray
    """(n_samples, n_atoms)"""
    gap: np.ndarray
    """(n_samples,), duality gap of each problem over its F(0)"""


class LassoPath(NamedTuple):
    """Solutions of a batch for several penalties."""

    lmbd: np.ndarray
    """(n_regs, n_samples)"""
    z: np.ndarray
    """(n_regs, n_samples, n_atoms)"""
    gap: np.ndarray
    """(n_regs, n_samples), duality gap of each problem over its F(0)"""


def check_lasso(D, x, lmbd=None):
    """Check shapes and values; ValueError says expected, got, what to do."""
    for name, array in (("D", D), ("x", x)):
        if np.ndim(array) != 2:
            raise ValueError(
                f"{name} must be a 2-D array, got shape {np.shape(array)}; "
                "D is (n_dim, n_atoms), x is (n_samples, n_dim)"
            )
        values = array.data if issparse(array) else array
        if not np.isfinite(values).all():
            raise ValueError(
                f"{name} must be finite, got {np.sum(~np.isfinite(values))} "
                "NaN or infinite entries: drop or impute them first"
            )
    if x.shape[1] != D.shape[0]:
        raise ValueError(
            f"x must have {D.shape[0]} columns (n_dim, the rows of D), got "
            f"shape {x.shape}; samples are rows"
        )
    zero = np.flatnonzero(abs(D).sum(axis=0) == 0)
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
    x, z = (np.ascontiguousarray(array, dtype=float) for array in (x, z))
    residual = np.ascontiguousarray(x - z @ D.T)
    lmbd = np.full(len(x), lmbd, dtype=float)
    corr = np.ascontiguousarray(residual @ D)
    return gaps(x, lmbd, z, residual, corr)


def solve_lasso(D, x, lmbd, tol=1e-6, *, z0=None, max_rounds=10_000,
                memory=2**30):
    """Solve many Lasso problems that share one dictionary.

    An active-set method (see `unrolling.active_set`), parallel over the
    problems. It works on the Gram matrix, or, where that does not fit, on
    working sets of atoms.

    Parameters
    ----------
    D : ndarray or scipy sparse array, shape (n_dim, n_atoms)
        Atoms need not be normalised.
    x : ndarray, shape (n_samples, n_dim)
    lmbd : float or ndarray, shape (n_samples,)
        In the unit of D'x.
    tol : float
        Relative duality gap, gap / F(0), to reach for every problem.
    z0 : ndarray, shape (n_samples, n_atoms), or None
        Where to start; by default at zero.
    max_rounds : int
        Bound on the rounds of one problem.
    memory : int
        Bytes that the computation may take beyond its input and its output
        (n_samples * n_atoms numbers). The working sets of the problems at
        hand, one a thread, have about twice the size of the support, and are
        formed whatever the bound.

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
    D, x = as_problem(D, x, lmbd)
    lmbd = np.full(len(x), lmbd, dtype=float)[:, None]
    z = start_point(z0, (len(x), D.shape[1]))
    gap = solve_in_place(D, x, lmbd, z[:, None], tol, max_rounds, memory)
    warn_above(tol, gap, f"max_rounds (now {max_rounds})")
    return Lasso(z, gap[:, 0])


def lasso_path(D, x, regs, tol=1e-6, *, max_rounds=10_000, memory=2**30):
    """Solve the batch for several lmbd, each from the solution before it.

    Parameters
    ----------
    D, x, tol, max_rounds, memory
        As for `solve_lasso`.
    regs : sequence of float in (0, 1], length n_regs, decreasing
        Penalties, as shares of each sample's own lmbd_max = ||D'x||_inf,
        above which its solution is zero.

    Returns
    -------
    LassoPath(lmbd, z, gap)
        lmbd and gap (n_regs, n_samples), z (n_regs, n_samples, n_atoms).

    Raises
    ------
    ValueError
        As `solve_lasso`; regs that are not decreasing or not in (0, 1].
    """
    D, x = as_problem(D, x)
    regs = np.asarray(regs, dtype=float)
    if regs.ndim != 1 or not np.all((regs > 0) & (regs <= 1)) or (
            np.diff(regs) >= 0).any():
        raise ValueError(
            f"regs must be decreasing numbers in (0, 1], got {regs}: they are "
            "shares of lmbd_max, and each solution starts the next"
        )
    lmbd_max = abs(x @ D).max(axis=1, initial=0)
    lmbd = np.where(lmbd_max > 0, lmbd_max, 1)[:, None] * regs
    z = np.zeros((*lmbd.shape, D.shape[1]))
    gap = solve_in_place(D, x, lmbd, z, tol, max_rounds, memory)
    warn_above(tol, gap, f"max_rounds (now {max_rounds})")
    return LassoPath(lmbd.T, z.swapaxes(0, 1), gap.T)


def as_problem(D, x, lmbd=None):
    """D and x in float64, checked; a sparse D by columns."""
    D = csc_array(D, dtype=float) if issparse(D) else np.asarray(D, float)
    x = np.asarray(x, dtype=float, order="C")
    check_lasso(D, x, lmbd)
    return D, x


def warn_above(tol, gap, bound):
    """Warn, in the caller's caller, where a gap is above tol.

    bound : str, the name and value of what ended the iterations.
    """
    if (gap > tol).any():
        warnings.warn(
            f"expected relative duality gaps <= {tol:.1e}, got up to "
            f"{gap.max():.1e} on {(gap > tol).sum()} of {gap.size} problems: "
            f"raise {bound} or tol",
            stacklevel=3,
        )


def solve_in_place(D, x, lmbd, z, tol, max_rounds, memory):
    """Solve for each lmbd from the solution for the one before.

    Each thread takes a part of the batch at a time; at most four arrays of
    the size of a part's z are alive in it.

    Parameters
    ----------
    lmbd : ndarray, shape (n_samples, n_regs)
    z : ndarray, shape (n_samples, n_regs, n_atoms)
        Overwritten by the solutions; z[:, 0] is the start point.

    Returns
    -------
    ndarray, shape (n_samples, n_regs) : relative duality gaps.
    """
    n_atoms, rank, threads = D.shape[1], min(D.shape), cpu_count()
    gram = None
    if 8 * (n_atoms**2 + threads * rank**2) <= memory / 2:
        gram = D.T @ D
        gram = gram.toarray("C") if issparse(gram) else gram
    gap = np.empty(lmbd.shape)

    def solve(part):
        if gram is not None:
            c = np.ascontiguousarray(x[part] @ D)
            solve_batch(gram, c, (x[part] ** 2).sum(axis=1), lmbd[part],
                        z[part], tol, max_rounds, rank)
        for r in range(lmbd.shape[1]):
            problem = D, x[part], lmbd[part, r]
            if gram is None:
                z[part, r] = z[part, max(r - 1, 0)]
                solve_on_working_sets(*problem, z[part, r], tol, max_rounds)
            gap[part, r] = duality_gap(z[part, r], *problem)

    size = min(len(x) // (2 * threads), 2**21 // (8 * n_atoms),
               int(memory / (64 * n_atoms * threads)))
    parts = [slice(first, first + max(size, 1))
             for first in range(0, len(x), max(size, 1))]
    with ThreadPoolExecutor(threads) as pool, BLAS.limit(limits=1):
        list(pool.map(solve, parts))
    return gap


def solve_on_working_sets(D, x, lmbd, z, tol, max_rounds):
    """Solve every problem of the batch in place, without the Gram matrix.

    Each problem is solved on a working set of its atoms, the support and as
    many of those that violate |d_j'(x - Dz)| <= lmbd the most, until its gap
    over all atoms is small enough or none enters. (M. Massias, A. Gramfort
    and J. Salmon, Celer: a fast solver for the Lasso with dual extrapolation,
    ICML 2018, section 4, with all correlations of the batch in one product.)
    """
    todo = np.arange(len(x))
    for started in range(max_rounds):
        residual = np.ascontiguousarray(x[todo] - z[todo] @ D.T)
        corr = np.ascontiguousarray(residual @ D)
        left = gaps(x[todo], lmbd[todo], z[todo], residual, corr) > tol
        todo, excess = todo[left], abs(corr[left]) - lmbd[todo[left], None]
        going = np.ones(len(todo), dtype=bool)
        for n, i in enumerate(todo):
            support = np.flatnonzero(z[i])
            violators = np.flatnonzero((excess[n] > 0) & (z[i] == 0))
            if not len(violators) and started:
                going[n] = False
                continue
            n_new = max(len(support), 50)
            if n_new < len(violators):
                worst = np.argpartition(-excess[n, violators], n_new)[:n_new]
                violators = violators[worst]
            atoms = np.concatenate([support, violators])
            D_i = D[:, atoms].toarray("F") if issparse(D) else D[:, atoms]
            z_i = z[i, atoms][None, None]
            solve_batch(D_i.T @ D_i, x[i:i + 1] @ D_i, x[i:i + 1] @ x[i],
                        lmbd[i:i + 1, None], z_i, tol, max_rounds,
                        min(D_i.shape))
            z[i, atoms] = z_i
        todo = todo[going]
        if not len(todo):
            break


def start_point(z0, shape):
    """A copy of z0, checked, or zeros."""
    if z0 is None:
        return np.zeros(shape)
    z = np.array(z0, dtype=float)
    if z.shape != shape or not np.isfinite(z).all():
        raise ValueError(
            f"z0 must be finite and of shape (n_samples, n_atoms) = {shape}, "
            f"got shape {z.shape} with {np.sum(~np.isfinite(z))} NaN or "
            "infinite entries"
        )
    return z


@njit(cache=True, fastmath={"reassoc", "contract"})
def cost_of_rows(residual, z, lmbd, cost):
    """Write 1/2 ||residual||^2 + lmbd ||z||_1 of each row to cost."""
    for i in range(z.shape[0]):
        fit = norm = z.dtype.type(0)
        for j in range(residual.shape[1]):
            fit += residual[i, j] * residual[i, j]
        for j in range(z.shape[1]):
            norm += abs(z[i, j])
        cost[i] = 0.5 * fit + lmbd * norm


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
            step, t = (np.full(D.shape[1], v, dtype=x.dtype)
                       for v in (step, step * self.lmbd))
            threshold_step(y, out, step, t)
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
        """F_x(z) of each sample, (n_samples,).

        Without gradients on the CPU, in one pass over z.
        """
        residual = self.residual(z)
        if z.device.type == "cpu" and not torch.is_grad_enabled():
            cost = z.new_empty(len(z))
            cost_of_rows(residual.numpy(), z.numpy(), self.lmbd, cost.numpy())
            return cost
        fit = 0.5 * (residual**2).sum(dim=1)
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
