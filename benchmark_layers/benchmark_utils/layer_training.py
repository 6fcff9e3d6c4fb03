"""The training loop that all methods share: they differ in the backward pass.
"""
import torch

from benchmark_utils.layer_models import loss_and_slope, pulled_back
from benchmark_utils.layer_steps import chosen
from unrolling.bench.checked import CheckedSolver
from unrolling.bench.criteria import DEPTHS, StepCriterion
from unrolling.device import to_numpy
from unrolling.optimizers import OPTIMIZERS
from unrolling.options import POSITIVE, or_tuned

ZERO = 1e-12
"""A backward pass below it, relative to its incoming gradient, is 0."""


class OuterStepCriterion(StepCriterion):
    """Sample steps 0, 1, 2, 3, 5, 8, 12, 20, ... up to max_iter, then stop."""

    schedule = [0, *DEPTHS]


class LayerSolver(CheckedSolver):
    """Base of the methods: a subclass writes `pullback(w, here, dx)`.

    Full-batch training from the data set's theta: each outer step solves the
    layer at w(theta), asks the method for its dw, an estimate of J'dx, and
    moves theta along the mean of dw' dw/dtheta. The theta with the least
    training loss so far is the result.

    Parameters
    ----------
    step_size : "tuned" or float > 0
    optimizer : {"gd", "adam"}
        Gradient descent with a constant step, or Adam.
    """

    sampling_strategy = "callback"
    stopping_criterion = OuterStepCriterion(
        strategy="callback", key_to_monitor="value")
    parameters = {"step_size": ["tuned"], "optimizer": ["gd"]}
    ranges = {"step_size": or_tuned(POSITIVE)}
    hyper = None
    """The parameter that is tuned beside the step, or None."""

    def label(self):
        """The method's name in the table of tuned steps."""
        return self.name

    def unfit(self, layer, loss):
        """Why the method is not for a layer and a loss, or None."""

    def prepare(self):
        """What a run needs before its first step; its solves are counted."""

    def pullback(self, w, here, dx):
        """dw (n_samples, n_inputs), from w, the solution and dx = dl/dx."""
        raise NotImplementedError(f"{type(self).__name__}.pullback")

    def refusal(self, layer, loss, problem, **_):
        if self.optimizer not in OPTIMIZERS:
            return (f"optimizer must be one of {', '.join(OPTIMIZERS)}, got "
                    f"optimizer={self.optimizer}")
        reason = self.unfit(layer, loss)
        if reason is None:
            try:
                self.choose(problem)
            except ValueError as error:
                reason = str(error)
        return reason

    def choose(self, problem):
        """The hyperparameter and the step; ValueError if there is none."""
        hyper = getattr(self, self.hyper) if self.hyper else None
        return chosen(self.label(), problem, self.optimizer, hyper,
                      self.step_size)

    def set_objective(self, layer, model, loss, theta_start, phi, target,
                      max_iter, problem):
        self.layer, self.model, self.loss = layer, model, loss
        self.theta, self.phi, self.target = theta_start, phi, target
        self.max_iter = max_iter
        self.hyper_value, self.step = self.choose(problem)

    def solve(self, w, *arguments, **options):
        """The layer's solution, counted as paid."""
        solution = self.layer.solve(w, *arguments, **options)
        self.n_solves += len(w) / len(self.phi)
        self.n_inner += solution.n_iter * len(w) / len(self.phi)
        return solution

    def forward(self, w):
        """What the training loss is evaluated at: the layer's solution.

        An iterative solver starts from the solution of the step before.
        """
        here = self.solve(w, start=self.start)
        self.start = here.x
        return here

    def run(self, cb):
        """Train until benchopt stops; solves are counted per sample."""
        self.n_solves, self.n_inner, self.start = 0.0, 0.0, None
        self.prepare()
        least = torch.inf
        self.best = theta = self.theta
        update = OPTIMIZERS[self.optimizer]()
        while True:
            w = self.model(theta, self.phi)
            here = self.forward(w)
            losses, dx = loss_and_slope(self.loss, here.x, self.target)
            if losses.mean() < least:  # False for NaN
                self.best, least = theta, losses.mean()
            self.paid = self.n_solves, self.n_inner
            gradient, dw = pulled_back(
                self.model, theta, self.phi,
                lambda w, here=here, dx=dx: self.pullback(w, here, dx))
            self.last = theta, gradient, dw, dx
            if not cb():
                break
            theta = theta + update.move(gradient, self.step)

    def get_result(self):
        theta, gradient, dw, dx = self.last
        size = dw.abs().amax(1) > ZERO * dx.abs().amax(1)
        return {
            "theta": to_numpy(self.best), "theta_last": to_numpy(theta),
            "gradient": to_numpy(gradient),
            "informed": float(size.double().mean()),
            "n_solves": self.paid[0], "n_inner": self.paid[1],
        }
