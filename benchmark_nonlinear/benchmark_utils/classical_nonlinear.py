"""The base of the classical solvers: a budget, and one tuned parameter."""
import time
from itertools import islice

import numpy as np

from unrolling.bench.classical import IterativeSolver
from unrolling.bench.criteria import BudgetCriterion
from unrolling.options import POSITIVE, POSITIVE_OR_ZERO, or_tuned

N_TUNING = 20
"""Validation samples on which a parameter is tuned."""
N_VALUES = 9
"""Values that are tried of it, by every method, and at most as many more."""


class NonlinearSolver(IterativeSolver):
    """Base of the algorithms: a subclass writes `iterates(K, y, x)`.

    This generator yields the start x (n_samples, n_x) and then each iterate.
    Its parameter, `tuned_parameter`, may be "tuned": then it is, of N_VALUES
    values evenly in logarithm over `tuning_range`, that with the least mean
    square error after max_iter iterations on N_TUNING validation samples. If
    that is an end of the range, values beyond it are tried as long as the
    error falls, N_VALUES at most. The last iterate is the result; NaN where a
    sample has diverged.
    """

    variable = "x"
    stopping_criterion = BudgetCriterion(
        strategy="callback", key_to_monitor="mse")
    tuned_parameter, tuning_range = None, None
    ranges = {
        "damping": or_tuned(POSITIVE), "noise": or_tuned(POSITIVE),
        "step_size": or_tuned(POSITIVE), "reg": or_tuned(POSITIVE_OR_ZERO)}

    def iterates(self, K, y, x):
        """Yields an iterate at a time, see the class."""
        raise NotImplementedError(f"{type(self).__name__}.iterates")

    def set_objective(self, K, background, y, start, validation, max_iter,
                      max_time, **_):
        self.K, self.background, self.y, self.start = K, background, y, start
        self.validation = validation
        self.max_iter, self.max_time = max_iter, max_time
        self.chosen, self.tuning_time = getattr(
            self, self.tuned_parameter), 0.0

    def warm_up(self):
        """Nothing is compiled."""

    def pre_run_hook(self, _):
        """Tune the parameter, if it shall be."""
        if self.chosen != "tuned":
            return
        started = time.perf_counter()
        values = [float(v) for v in np.geomspace(*self.tuning_range, N_VALUES)]
        errors = {value: self.tuning_error(value) for value in values}
        best, ratio = min(errors, key=errors.get), values[1] / values[0]
        beyond = {values[0]: 1 / ratio, values[-1]: ratio}.get(best)
        while beyond and len(errors) < 2 * N_VALUES:
            value = best * beyond
            errors[value] = self.tuning_error(value)
            if errors[value] >= errors[best]:
                break
            best = value
        self.chosen = best
        self.tuning_time += time.perf_counter() - started

    def tuning_error(self, value):
        """The error that the parameter's value leaves on the samples on which
        it is tuned; infinite where one has diverged."""
        self.chosen = value
        samples = self.validation.rows(slice(N_TUNING))
        with np.errstate(all="ignore"):
            *_, x = islice(self.iterates(
                self.K, samples.y, samples.start.copy()), self.max_iter + 1)
            error = ((x - samples.x) ** 2).mean()
        return error if np.isfinite(error) else np.inf

    def run(self, cb):
        with np.errstate(all="ignore"):  # what diverges is reported
            for x in self.iterates(self.K, self.y, self.start(self.y)):
                self.result = x
                if not cb():
                    break

    def get_result(self):
        return {"x": self.result.copy(), "training": {
            "train_time_s": self.tuning_time,
            self.tuned_parameter: self.chosen}}
