"""What the classical solvers have in common here: the Lasso, from z = 0."""
import numpy as np

from unrolling.bench import classical


class LassoSolver(classical.ClassicalSolver):
    """Keeps D, x and lmbd, returns z."""

    variable = "z"

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x, self.lmbd = D, x, lmbd

    def arrays(self):
        return self.D, self.x

    def start(self):
        return np.zeros((len(self.x), self.D.shape[1]))


class IterativeSolver(LassoSolver, classical.IterativeSolver):
    """Base of the algorithms: a subclass writes `iterates(D, x, lmbd)`,
    which yields z, (n_samples, n_atoms), and begins with zero."""


class CertifiedSolver(LassoSolver, classical.CertifiedSolver):
    """Base of the solvers to a tolerance: a subclass writes `solve(tol)`,
    which returns z for `self.D`, `self.x`, `self.lmbd`."""
