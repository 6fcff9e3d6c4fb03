"""Bases of the classical solvers: a solver file says only its algorithm.

A benchmark derives its own bases from these, with `variable`, `set_objective`,
`arrays` and `start` of its problem.
"""
import warnings

import numpy as np

from unrolling.bench.checked import CheckedSolver
from unrolling.bench.criteria import GapCriterion
from unrolling.device import place, synchronize, to_numpy, unavailable


class ClassicalSolver(CheckedSolver):
    """Returns its result; refuses a device that is not there."""

    variable = None
    """Name of the result, as the objective receives it."""

    result = None
    """The last iterate, or the solution; or a function that returns it."""

    def arrays(self):
        """The ndarrays that `iterates` takes, placed on the device."""
        raise NotImplementedError(f"{type(self).__name__}.arrays")

    def start(self):
        """The point that all solvers start from, an ndarray."""
        raise NotImplementedError(f"{type(self).__name__}.start")

    def refusal(self, **_):
        wanted = {name: self._parameters[name] for name in
                  ("device", "backend") if name in self._parameters}
        return unavailable(**{"device": "cpu"} | wanted)

    def get_result(self):
        result = self.result() if callable(self.result) else self.result
        return {self.variable: to_numpy(result)}


class IterativeSolver(ClassicalSolver):
    """Base of the algorithms: a subclass writes `iterates(*arrays, lmbd)`.

    This generator yields the start and then each iterate, without an end:
    benchopt stops it. Arrays are of numpy, on the CPU, unless the class has a
    parameter `device` or `backend`. The clock is read once the device has
    done its work; what precedes the first iterate is timed, too.
    """

    sampling_strategy = "callback"

    def iterates(self, *problem):
        """Yields points like `start`; they may be overwritten later.

        Where a point takes work that the next iteration does not need, as the
        image of a dual variable, a function without arguments that returns it
        is yielded instead. It is called where the point is asked for.
        """
        raise NotImplementedError(f"{type(self).__name__}.iterates")

    def warm_up(self):
        self.run_once()

    def run(self, cb):
        device = self._parameters.get("device", "cpu")
        backend = getattr(self, "backend", "numpy")
        arrays = place(backend, device, *self.arrays())
        for point in self.iterates(*arrays, self.lmbd):
            self.result = point
            synchronize(device)
            if not cb():
                break


class CertifiedSolver(ClassicalSolver):
    """Base of the solvers to a tolerance: a subclass writes `solve(tol)`.

    Warnings of gaps above tol are dropped, since the objective measures each
    gap.
    """

    sampling_strategy = "tolerance"
    stopping_criterion = GapCriterion(strategy="tolerance")

    def solve(self, tol) -> np.ndarray:
        """The solutions, shaped as `start`, to a tolerance below 1."""
        raise NotImplementedError(f"{type(self).__name__}.solve")

    def run(self, tol):
        if tol >= 1:  # the cost of the start is the unit of the gaps
            self.result = self.start()
            return
        with warnings.catch_warnings(action="ignore"):
            self.result = self.solve(tol)
