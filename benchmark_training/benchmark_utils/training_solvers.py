"""The bases of the solvers: the budget, the batches, the step size."""
from itertools import count

import numpy as np

from benchmark_utils.adversarial import LOSSES, SIGNS
from benchmark_utils.splitting import RESTARTS, SCHEDULES
from benchmark_utils.tuned_training import TUNED
from unrolling.bench.checked import CheckedSolver
from unrolling.bench.criteria import StepCriterion
from unrolling.options import BELOW_ONE, COUNT_OR_ZERO, POSITIVE, or_tuned

DECAY = 1500
"""Steps in which the step size of a fit falls by the factor e."""


class TrainingSolver(CheckedSolver):
    """Base of the methods: a subclass writes `iterates(rng)`.

    This generator yields the objective's result for the start, then one for
    each step, without an end: a step is the gradient of a batch. The task is
    `self.task`. Numbers that overflow are no errors.
    """

    sampling_strategy = "callback"
    stopping_criterion = StepCriterion(strategy="callback")
    ranges = {"step_size": or_tuned(POSITIVE), "beta_1": BELOW_ONE,
              "beta_2": BELOW_ONE}
    kinds = ()
    """Kinds of tasks that the method is for."""
    choices = {}
    """Parameter -> its possible values."""
    method = None
    """Name of the method in the table of step sizes, if not its own."""

    def iterates(self, rng):
        """Yields results without an end, see the class."""
        raise NotImplementedError(f"{type(self).__name__}.iterates")

    def refusal(self, task, **_):
        if task.kind not in self.kinds:
            return (f"{self.name} needs a task of kind "
                    f"{' or '.join(self.kinds)}, got {task.kind}")
        for parameter, values in self.choices.items():
            got = getattr(self, parameter)
            if got not in values:
                return (f"{parameter} must be one of "
                        f"{', '.join(map(str, values))}, got {got}")
        return None

    def set_objective(self, task, n_steps):
        self.task, self.max_iter = task, n_steps
        self.seed = self.get_seed()
        self.step = TUNED[self.method or self.name][task.data] if (
            self.step_size == "tuned") else self.step_size

    def run(self, cb):
        rng = np.random.default_rng(self.seed)
        with np.errstate(all="ignore"):
            for result in self.iterates(rng):
                self.result = result
                if not cb():
                    break

    def get_result(self):
        return self.result


class FitSolver(TrainingSolver):
    """Base of the methods that minimise F(theta)."""

    kinds = "regression", "classification"

    def rate(self, t):
        """The step size after t steps."""
        return self.step * np.exp(-t / DECAY)


class GameSolver(TrainingSolver):
    """Base of the methods that train a discriminator and a generator."""

    kinds = ("gan",)
    test_config = {"dataset": {"name": "Ring"}}
    choices = {"loss": tuple(LOSSES), "sign": tuple(SIGNS),
               "dtype": ("float32", "float64")}

    def set_objective(self, **problem):
        super().set_objective(**problem)
        self.part, self.factor = LOSSES[self.loss], SIGNS[self.sign]

    def start(self):
        """The parameters theta_g and theta_d that all methods start from."""
        return [theta.astype(self.dtype) for theta in self.task.start]

    def slope_real(self, theta_d, x):
        """Gradient of the discriminator's loss on real samples."""
        return self.factor * self.task.slope_of_part(
            self.part.real, theta_d, x)

    def slope_fake(self, theta_d, w):
        """Gradient of the discriminator's loss on generated samples."""
        return self.factor * self.task.slope_of_part(
            self.part.fake, theta_d, w)

    def slope_generator(self, theta_g, theta_d, z):
        """Gradient of the generator's loss."""
        return self.task.slope_of_generator(
            self.part.real, theta_g, theta_d, z)


class Restarted:
    """What the methods by ADMM share: restarts, and plain steps in between."""

    choices = {"schedule": SCHEDULES, "restart": RESTARTS}
    ranges = {"rho": POSITIVE, "restart_every": COUNT_OR_ZERO,
              "n_plain": COUNT_OR_ZERO}

    def refusal(self, **problem):
        if self.n_plain and not self.restart_every:
            return ("n_plain needs restart_every: plain steps are between "
                    "restarts, got restart_every=0")
        return super().refusal(**problem)

    def rounds(self):
        """The iterations of ADMM until a restart; 0 is never."""
        return range(self.restart_every) if self.restart_every else count()
