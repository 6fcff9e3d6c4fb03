from benchmark_utils.synthesis import SynthesisSolver

from unrolling.lasso.steps import proximal_step
from unrolling.linear import lipschitz


class Solver(SynthesisSolver):
    """ISTA on the jumps z of u = L z, whose first entry is not penalised.

    z <- ST(z - L'A'h'(A L z - x) / ||A L||^2, lmbd / ||A L||^2). The column
    of the constant, A 1, is often the longest of A L and makes the step
    short. If projected, the constant is solved for instead, for least squares
    only: x and the other columns are orthogonal to A 1. I. Daubechies, M.
    Defrise and C. De Mol, An iterative thresholding algorithm for linear
    inverse problems with a sparsity constraint, Comm. Pure Appl. Math.
    57(11), 2004, doi:10.1002/cpa.20042.
    """

    name = "Synthesis-ISTA"
    parameters = {"projected": [False, True]}

    def codes(self, D, y, z, lmbd):
        fit, step = self.data_fit(D, y), 1 / lipschitz(D)
        while True:
            yield z
            z = proximal_step(z, fit.grad(z), step, step * lmbd)
