"""Networks that unroll an algorithm for the Lasso."""
import numpy as np
import torch
from numba import njit

from unrolling.checks import one_lmbd
from unrolling.device import real_tensor, to_numpy
from unrolling.lasso.measures import fixed_point_metrics, support_metrics
from unrolling.lasso.problem import check_lasso, support_lipschitz
from unrolling.lasso.solve import solve_lasso
from unrolling.lasso.steps import proximal_step
from unrolling.linear_network import LinearNetwork


@njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def cost_of_rows(residual, z, lmbd):
    """1/2 ||residual||^2 + lmbd ||z||_1 of each row, (n_samples,)."""
    cost = np.empty(len(z), z.dtype)
    for i in range(z.shape[0]):
        fit = norm = z.dtype.type(0)
        for j in range(residual.shape[1]):
            fit += residual[i, j] * residual[i, j]
        for j in range(z.shape[1]):
            norm += abs(z[i, j])
        cost[i] = 0.5 * fit + lmbd * norm
    return cost


class LassoNetwork(LinearNetwork):
    """Base of the networks that unroll an algorithm for the Lasso.

    Untrained they are ISTA, unless their class says otherwise in `unrolls`.
    Their layers start from z = 0 and may use `self.D`, `self.x` (the batch),
    `self.lmbd`, `self.L` = ||D||_2^2, `self.residual(z)`, `self.grad(z)` and
    `self.proximal_step(z, direction, step, t)`.

    Parameters
    ----------
    D : ndarray or Tensor, shape (n_dim, n_atoms)
        The dictionary.
    lmbd : float, > 0
        The penalty. Networks learn best where all samples have one scale:
        divide each x by ||D'x||_inf, multiply its code by it.

    Raises
    ------
    ValueError
        D is not a finite, dense, real matrix of nonzero atoms, or its scale
        is extreme; lmbd is not positive.
    """

    unrolls = "ISTA"

    def __init__(self, D, lmbd):
        D = to_numpy(real_tensor("D", D))
        check_lasso(D, np.zeros((1, *D.shape[:1])))
        super().__init__(D)
        self.lmbd = one_lmbd(lmbd)

    @property
    def D(self):
        """The dictionary, Tensor (n_dim, n_atoms)."""
        return self.A

    @property
    def problem(self):
        return {"D": self.D, "lmbd": self.lmbd}

    def proximal_step(self, z, direction, step, t):
        """ST(z - step * direction, t), see `unrolling.lasso.steps`.

        The result may overwrite direction, which shall be a product that the
        layer has just computed: another array for each layer would cost more
        than the step, since threads get fresh memory for it.
        """
        return proximal_step(z, direction, step, t, out=direction)

    def cost(self, z):
        """F_x(z) of each sample x that is bound, see `bind`, (n_samples,).

        Without gradients on the CPU, in one pass over z.
        """
        residual = self.residual(z)
        if z.device.type == "cpu" and not torch.is_grad_enabled():
            return torch.from_numpy(
                cost_of_rows(residual.numpy(), z.numpy(), self.lmbd))
        fit = 0.5 * (residual**2).sum(dim=1)
        return fit + self.lmbd * z.abs().sum(dim=1)

    def dictionary(self, **parameters):
        """alpha/beta W of a layer ST(z - alpha W'(Dz - x), beta lmbd), which
        is D where it is a step of ISTA; None where it is of another form."""
        return None

    def support_lipschitz(self, z):
        """L_S of each row of z, ndarray (n_samples,)."""
        return support_lipschitz(to_numpy(self.D), to_numpy(z))

    def layer_metrics(self, x, at_solutions=False):
        """Measures of each layer, see `unrolling.lasso.measures`."""
        metrics = support_metrics(self, x)
        if at_solutions:
            metrics |= fixed_point_metrics(self, x)
        return metrics

    def solve(self, x, tol=1e-10):
        """Minimisers of F_x, ndarray (n_samples, n_atoms)."""
        return solve_lasso(to_numpy(self.D), to_numpy(x), self.lmbd, tol).z
