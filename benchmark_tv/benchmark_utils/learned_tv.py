"""What the learned solvers have in common: data fit, the synthesis form."""
import torch

from benchmark_utils.synthesis import cumulate
from benchmark_utils.tv import condat_vu_steps, diff, diff_adjoint
from unrolling import options
from unrolling.bench.solver import UnrolledSolver
from unrolling.device import to_numpy
from unrolling.linear import lipschitz
from unrolling.prox import soft_threshold
from unrolling.transforms import POSITIVE
from unrolling.tv.network import TVNetwork


class LearnedSolver(UnrolledSolver):
    """Base of the learned solvers: networks whose data fit is quadratic."""

    parameters = UnrolledSolver.parameters | {"max_layers": [5]}

    def refusal(self, delta=None, **problem):
        if delta is not None:
            return (f"{self.name} unrolls an algorithm for the quadratic data "
                    "fit, got Huber's: use data_fit=quad")
        return super().refusal(**problem)

    def set_objective(self, delta=None, max_time=None, max_iter=None,
                      **problem):
        super().set_objective(**problem)  # layers are what counts


def gradient_step(A, L):
    """V and U, with which V u + U x is a gradient step of length 1/L."""
    identity = torch.eye(A.shape[1]).to(A)
    return {"V": identity - A.T @ A / L, "U": A.T / L}


class SynthesisNetwork(TVNetwork):
    """Base of the networks on the jumps z of u = L z, ISTA if untrained.

    The constant is kept as the first jump, as in the published networks.
    A point is (u, z). Layers may use `self.B` = A L, `self.L` = ||A L||_2^2,
    `self.residual(u)` and `self.shrink(z, t)`.
    """

    unrolls = "Synthesis-ISTA[projected=False]"

    def __init__(self, A, lmbd, start_map=None):
        super().__init__(A, lmbd, start_map)
        B = cumulate(to_numpy(self.A))
        self.B, self.L = torch.tensor(B), lipschitz(B)
        self.penalised = torch.ones(B.shape[1], dtype=torch.float64)
        self.penalised[0] = 0

    def start(self):
        u = super().start()
        return u, torch.hstack([u[:, :1], u.diff(dim=1)])

    def shrink(self, z, t):
        """u and ST(z, t), with a first entry that stays as it is."""
        z = soft_threshold(z, t * self.penalised)
        return z.cumsum(dim=1), z


class PrimalDualNetwork(TVNetwork):
    """Base of the networks that unroll Condat-Vu; a point is (u, v, u_bar).

    v     <- clip(v + sigma nabla u_bar, -t, t)
    u_new <- u - step (direction + nabla'v)
    u_bar <- 2 u_new - u

    The dual line comes first, so that all that a layer learns acts on its own
    u. The sequence is that of the solver where the start is a constant, with
    which the first dual line changes nothing.

    Parameters
    ----------
    A, lmbd, start_map : as for TVNetwork
    ratio : float, > 0
        The solver's, of the untrained steps.
    """

    unrolls = None
    transforms = TVNetwork.transforms | {"sigma": POSITIVE}

    def __init__(self, A, lmbd, ratio, start_map=None):
        super().__init__(A, lmbd, start_map)
        self.ratio = ratio
        if start_map is None:
            self.unrolls = f"Condat-Vu[ratio={ratio}]"

    @property
    def problem(self):
        return super().problem | {"ratio": self.ratio}

    def start(self):
        u = super().start()
        return u, 0 * diff(u), u

    def init_layer(self, t):
        tau, sigma = condat_vu_steps(self.L, self.A.shape[1], self.ratio)
        return {"step": tau, "sigma": sigma}

    def primal_dual_step(self, point, direction, step, sigma, t):
        """The three lines, with a direction in the place of A'(Au - x)."""
        u, v, u_bar = point
        v = v + sigma * diff(u_bar)
        v = v - soft_threshold(v, t)  # its clip; t may be a Tensor on a CPU
        u_new = u - step * (direction + diff_adjoint(v))
        return u_new, v, 2 * u_new - u


class PrimalDualSolver(LearnedSolver):
    """Base of the learned solvers whose network is a PrimalDualNetwork."""

    parameters = LearnedSolver.parameters | {"ratio": [10.0]}
    ranges = {"ratio": options.POSITIVE}

    def set_objective(self, **problem):
        super().set_objective(**problem, ratio=self.ratio)
