"""The base of the solvers that compute the prox itself, where A = I."""
from importlib import import_module

from benchopt.stopping_criterion import SingleRunCriterion

from benchmark_utils.tv import TVSolver
from unrolling.linear import is_identity


class DirectSolver(TVSolver):
    """One point: a subclass writes `denoise(x, lmbd)`."""

    library = None
    """The module that a subclass needs and that may be missing."""
    install = ""
    """How to install it."""

    sampling_strategy = "run_once"
    stopping_criterion = SingleRunCriterion(strategy="run_once")
    test_config = {"dataset": {"name": "Denoising"}}
    quadratic_only = True

    def denoise(self, x, lmbd):
        """argmin_u 1/2 ||x - u||^2 + lmbd ||nabla u||_1 of each row."""
        raise NotImplementedError(f"{type(self).__name__}.denoise")

    def refusal(self, A, **problem):
        try:
            import_module(self.library or __name__)
        except ImportError as error:
            return f"{error}: {self.install}"
        if not is_identity(A):
            return f"{self.name} needs A = I, whose problem is the prox"
        return super().refusal(**problem)

    def run(self, _):
        self.result = self.denoise(self.x, self.lmbd)
