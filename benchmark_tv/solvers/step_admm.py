import torch
from benchmark_utils.learned_tv import LearnedSolver
from benchmark_utils.synthesis import admm_penalty
from benchmark_utils.tv import diff, diff_adjoint, loses_constants
from scipy.linalg import eigh

from unrolling.device import to_numpy
from unrolling.prox import soft_threshold
from unrolling.transforms import POSITIVE
from unrolling.tv.network import TVNetwork


class StepADMM(TVNetwork):
    """w    <- ST(v + dual / r_t, lmbd / r_t), v = a_t nabla u + (1 - a_t) w
    dual <- dual + r_t (v - w)
    u    <- (A'A + r_t nabla'nabla)^-1 (A'x + nabla'(r_t w - dual))

    with learned penalties r_t and relaxations a_t. A point is (u, w, dual),
    whose start has w = nabla u and dual = 0; where that is a constant, the
    first two lines change nothing, and the sequence is that of the solver.
    The inverse is that of the solver, for any r_t.
    """

    unrolls = None
    rho, relaxation = 0.1, 1.6
    transforms = TVNetwork.transforms | {
        "rho": POSITIVE, "relaxation": POSITIVE}

    def __init__(self, A, lmbd, start_map=None):
        super().__init__(A, lmbd, start_map)
        if start_map is None:
            self.unrolls = "ADMM[adaptive=False]"
        identity = torch.eye(self.A.shape[1], dtype=torch.float64)
        laplacian = diff_adjoint(diff(identity))
        self.penalty = admm_penalty(to_numpy(self.A), self.lmbd, self.rho)
        s, V = eigh(laplacian, to_numpy(
            self.A.T @ self.A + self.penalty * laplacian))
        self.s, self.V = torch.tensor(s), torch.tensor(V)

    def bind(self, x):
        super().bind(x)
        self.c = None if x is None else x @ self.A

    def start(self):
        u = super().start()
        return u, diff(u), 0 * diff(u)

    def init_layer(self, t):
        return {"rho": self.penalty, "relaxation": self.relaxation}

    def layer(self, point, rho, relaxation):
        u, w, dual = point
        v = relaxation * diff(u) + (1 - relaxation) * w + dual / rho
        w = soft_threshold(v, self.lmbd / rho)
        dual = rho * (v - w)
        b = self.c + diff_adjoint(rho * w - dual)
        scale = 1 + (rho - self.penalty) * self.s
        return (b @ self.V / scale) @ self.V.T, w, dual


class Solver(LearnedSolver):
    """Step-ADMM: ADMM with a learned penalty and relaxation in each layer.

    Y. Yang, J. Sun, H. Li and Z. Xu, ADMM-CSNet: a deep learning approach for
    image compressive sensing, IEEE Trans. Pattern Anal. Mach. Intell. 42(3),
    2020, doi:10.1109/TPAMI.2018.2883941, whose filters are fixed here.
    """

    name = "Step-ADMM"
    network = StepADMM

    def refusal(self, A, **problem):
        return loses_constants(self.name, A) or super().refusal(**problem)
