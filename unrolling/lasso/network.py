"""Networks that unroll an algorithm for the Lasso."""
import numpy as np
import torch
from numba import njit

from unrolling.lasso import lipschitz, solve_lasso, support_lipschitz
from unrolling.lasso.measures import layer_metrics
from unrolling.network import UnrolledNetwork


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
        return support_lipschitz(self.D.cpu().numpy(), z.cpu().numpy())

    def layer_metrics(self, x):
        """Measures of each layer, see `unrolling.lasso.measures`."""
        return layer_metrics(self, x)

    def solve(self, x, tol=1e-10):
        """Minimisers of F_x, ndarray (n_samples, n_atoms)."""
        return solve_lasso(self.D.cpu().numpy(), x, self.lmbd, tol).z
