from benchmark_utils.direct import DirectSolver

from unrolling.prox import prox_tv


class Solver(DirectSolver):
    """The taut string, exact for A = I, parallel over the samples.

    The suite's own `unrolling.prox.prox_tv`, in one pass over each sample. P.
    L. Davies and A. Kovac, Local extremes, runs, strings and multiresolution,
    Ann. Statist. 29(1), 2001, doi:10.1214/aos/996986501.
    """

    name = "Taut-string"

    def denoise(self, x, lmbd):
        return prox_tv(x, lmbd)
