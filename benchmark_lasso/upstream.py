import inspect
from functools import partial
from pathlib import Path

import numpy as np
from benchopt import BaseSolver
from benchopt.stopping_criterion import INFINITY
from benchopt.utils.dynamic_modules import _load_class_from_module

from unrolling.bench.criteria import GapCriterion
from unrolling.weights import digest


class Solver(BaseSolver):
    """A solver file of benchopt's benchmark_lasso, sample by sample.

    Those solve one problem, min_beta 1/2 ||y - X beta||^2 + lmbd ||beta||_1:
    `set_objective(X, y, lmbd, fit_intercept)`, `run`, and `get_result`, which
    returns {"beta": beta}. Here X = D and y is each x in turn, timed together.
    As there, set_objective is not timed. All are sampled by iteration: one
    that takes a callback is run anew, until its n-th call; one that takes a
    tolerance gets 10^-n.
    """

    name = "Upstream"
    sampling_strategy = "iteration"
    stopping_criterion = GapCriterion(strategy="iteration")

    # the solver's file; its parameters, by default the first of its grid
    parameters = {"file": [None], "options": [None]}

    def load(self):
        """The class of the file; one that cannot be used if imports fail."""
        return _load_class_from_module(
            self._benchmark_dir, Path(self.file), "Solver")

    def skip(self, D, x, lmbd, **_):
        if not Path(self.file or "").is_file():
            return True, f"file must name a solver file, got file={self.file}"
        solver = self.load()
        if not solver.is_installed(quiet=True):
            return True, f"{self.file} cannot be imported: {solver._exc!r}"
        problem = {"X": D, "y": x[0], "lmbd": lmbd, "fit_intercept": False}
        try:
            inspect.signature(solver.set_objective).bind(None, **problem)
        except TypeError as error:
            return True, (
                "set_objective must take X, y, lmbd and fit_intercept, in "
                f"{self.file}: {error}")
        known = ",".join(solver.parameters).replace(" ", "").split(",")
        unknown = set(self.options or {}) - set(known)
        if unknown:
            return True, (f"options of {self.file} are {known}, got "
                          f"{sorted(unknown)}")
        return solver.get_instance(**self.options or {}).skip(**problem)

    def set_objective(self, D, x, lmbd, **_):
        X, solver = np.asfortranarray(D), self.load()
        self.strategy = solver._solver_strategy
        self.solvers = [
            solver.get_instance(**self.options or {}) for _ in x]
        for solver, y in zip(self.solvers, x, strict=True):
            solver.set_objective(X=X, y=y, lmbd=lmbd, fit_intercept=False)

    def warm_up(self):
        self.solvers[0].warm_up()

    def run(self, n):
        for solver in self.solvers:
            if self.strategy == "callback":
                solver.run(partial(next, iter([True] * n), False))
            elif self.strategy == "tolerance":
                solver.run(10.0**-n if n else INFINITY)
            else:
                solver.run(n)

    def get_result(self):
        results = [solver.get_result() for solver in self.solvers]
        if not isinstance(results[0], dict) or "beta" not in results[0]:
            raise TypeError(
                "get_result must return a dict with the key beta, got "
                f"{type(results[0]).__name__} from {self.file}: edit a copy")
        return {"z": np.array([result["beta"] for result in results])}

    def _get_state(self):
        """Part of benchopt's cache key: the file that it does not see."""
        path = Path(self.file or "")
        return {"source": digest(path.read_text() if path.is_file() else "")}

    def __setstate__(self, state):
        """The fingerprint belongs to the key, not to the instance."""
