from benchmark_utils.synthesis import cumulate, jumps, thresholds
from benchmark_utils.tv import IterativeSolver

from unrolling.lasso.steps import proximal_step
from unrolling.linear import lipschitz


class Solver(IterativeSolver):
    """ISTA on the jumps z of u = L z, whose first entry is not penalised.

    z <- ST(z - L'A'h'(A L z - x) / ||A L||^2, lmbd / ||A L||^2). I.
    Daubechies, M. Defrise and C. De Mol, An iterative thresholding algorithm
    for linear inverse problems with a sparsity constraint, Comm. Pure Appl.
    Math. 57(11), 2004, doi:10.1002/cpa.20042.
    """

    name = "Synthesis-ISTA"

    def iterates(self, A, x, u, lmbd):
        B, z = cumulate(A), jumps(u)
        fit, step = self.data_fit(B, x), 1 / lipschitz(B)
        t = step * thresholds(u.shape[1], lmbd)
        while True:
            yield z.cumsum(axis=1)
            z = proximal_step(z, fit.grad(z), step, t)
