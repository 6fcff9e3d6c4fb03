"""Bases of the classical solvers: a solver file says only its algorithm."""
import warnings

import numpy as np
from benchopt import BaseSolver

from unrolling.bench.criteria import GapCriterion
from unrolling.device import place, synchronize, to_numpy, unavailable


class LassoSolver(BaseSolver):
    """Keeps D, x and lmbd, returns z; refuses a device that is not there."""

    def skip(self, **_):
        wanted = {name: self._parameters[name] for name in
                  ("device", "backend") if name in self._parameters}
        reason = unavailable(**{"device": "cpu"} | wanted)
        return reason is not None, reason

    def set_objective(self, D, x, lmbd, **_):
        self.D, self.x, self.lmbd = D, x, lmbd

    def get_result(self):
        return {"z": to_numpy(self.z)}


class IterativeSolver(LassoSolver):
    """Base of the algorithms: a subclass writes `iterates(D, x, lmbd)`.

    This generator yields the start z = 0 and then each iterate z, without an
    end: benchopt stops it. Arrays are of numpy, on the CPU, unless the class
    has a parameter `device` or `backend`. The clock is read once the device
    has done its work; what precedes the first iterate is timed, too.
    """

    sampling_strategy = "callback"

    def iterates(self, D, x, lmbd):
        """Yields z, (n_samples, n_atoms); it may be overwritten later."""
        raise NotImplementedError(f"{type(self).__name__}.iterates")

    def warm_up(self):
        self.run_once()

    def run(self, cb):
        device = self._parameters.get("device", "cpu")
        backend = getattr(self, "backend", "numpy")
        D, x = place(backend, device, self.D, self.x)
        for z in self.iterates(D, x, self.lmbd):
            self.z = z
            synchronize(device)
            if not cb():
                break


class CertifiedSolver(LassoSolver):
    """Base of the solvers to a tolerance: a subclass writes `solve(tol)`.

    `solve` returns z for `self.D`, `self.x`, `self.lmbd`. Warnings of gaps
    above tol are dropped, since the objective measures each gap.
    """

    sampling_strategy = "tolerance"
    stopping_criterion = GapCriterion(strategy="tolerance")

    def solve(self, tol):
        """z, (n_samples, n_atoms), to a tolerance below 1."""
        raise NotImplementedError(f"{type(self).__name__}.solve")

    def run(self, tol):
        if tol >= 1:  # F(0) certifies itself
            self.z = np.zeros((len(self.x), self.D.shape[1]))
            return
        with warnings.catch_warnings(action="ignore"):
            self.z = self.solve(tol)
