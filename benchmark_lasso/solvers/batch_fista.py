from benchmark_utils.classical import CertifiedSolver

from unrolling.lasso.fista import fista


class Solver(CertifiedSolver):
    """FISTA to a tolerance: certified samples leave the batch.

    The suite's own `unrolling.lasso.fista.fista`, with the momentum of each
    sample restarted by itself. A. Beck and M. Teboulle, A fast iterative
    shrinkage-thresholding algorithm for linear inverse problems, SIAM J.
    Imaging Sci. 2(1), 2009, doi:10.1137/080716542.
    """

    name = "Batch-FISTA"
    parameters = {
        "backend": ["numpy"], "dtype": ["float64"], "device": ["cpu"],
    }
    test_parameters = {
        "backend, dtype": [("numpy", "float32"), ("torch", "float64")],
    }

    def refusal(self, **problem):
        if self.dtype not in ("float32", "float64"):
            return f"dtype must be float32 or float64, got dtype={self.dtype}"
        return super().refusal(**problem)

    def warm_up(self):
        self.run_once(1e-2)

    def solve(self, tol):
        return fista(
            self.D, self.x, self.lmbd, tol, backend=self.backend,
            device=self.device, dtype=self.dtype).z
