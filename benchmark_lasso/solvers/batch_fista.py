import warnings

import numpy as np
from benchopt import BaseSolver

from unrolling.bench.criteria import GapCriterion
from unrolling.device import unavailable
from unrolling.lasso.fista import fista


class Solver(BaseSolver):
    """FISTA to a tolerance: certified samples leave the batch.

    The suite's own `unrolling.lasso.fista.fista`, with the momentum of each
    sample restarted by itself. A. Beck and M. Teboulle, A fast iterative
    shrinkage-thresholding algorithm for linear inverse problems, SIAM J.
    Imaging Sci. 2(1), 2009, doi:10.1137/080716542.
    """

    name = "Batch-FISTA"
    sampling_strategy = "tolerance"
    stopping_criterion = GapCriterion(strategy="tolerance")
    parameters = {
        "backend": ["numpy"], "dtype": ["float64"], "device": ["cpu"],
    }
    test_parameters = {
        "backend, dtype": [("numpy", "float32"), ("torch", "float64")],
    }

    def skip(self, **_):
        if self.dtype not in ("float32", "float64"):
            return True, (
                f"dtype must be float32 or float64, got dtype={self.dtype}")
        reason = unavailable(self.device, self.backend)
        return reason is not None, reason

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x, self.lmbd = D, x, lmbd

    def warm_up(self):
        self.run_once(1e-2)

    def run(self, tol):
        if tol >= 1:  # F(0) certifies itself
            self.z = np.zeros((len(self.x), self.D.shape[1]))
            return
        with warnings.catch_warnings(action="ignore"):
            self.z = fista(
                self.D, self.x, self.lmbd, tol, backend=self.backend,
                device=self.device, dtype=self.dtype).z

    def get_result(self):
        return {"z": self.z}
