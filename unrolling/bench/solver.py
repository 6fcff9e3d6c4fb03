"""The plumbing of every learned solver: training untimed, running timed."""
import time

import scipy
import torch

from unrolling.bench.checked import CheckedSolver
from unrolling.bench.criteria import DepthCriterion
from unrolling.bench.depths import TrainedDepths
from unrolling.device import synchronize, to_numpy, to_tensor, unavailable
from unrolling.fingerprint import class_files
from unrolling.options import COUNT, COUNT_OR_ZERO, POSITIVE_OR_ZERO
from unrolling.weights import digest

CHOICES = {
    "loss": ["unsupervised", "supervised", "semi-supervised", "none"],
    "layerwise": ["scalars", "network", "best", "recursive", "none"],
}


class UnrolledSolver(TrainedDepths, CheckedSolver):
    """Base of the learned solvers: trains untimed, runs timed.

    A solver file names its network class in `network`; the rest is here.
    The objective provides the problem's arguments (those of the network
    class), the batch `x`, the training batch `x_train` and, where known, the
    training batch's true codes `target_train`.

    The weights of each depth come from the cache in benchopt's cache folder,
    or are trained and put there, so a killed run loses one depth at most. The
    time of training includes what a network computes of its problem: L, say.

    Parameters
    ----------
    max_layers : int
        The depth of the last network on the schedule.
    loss : {"unsupervised", "supervised", "semi-supervised", "none"}
        What training minimises: the cost; the distance to the true codes, or
        to minimisers of the cost. With "none" nothing is trained, and the
        network is the algorithm that it unrolls, iteration by iteration.
    layerwise : {"scalars", "network", "best", "recursive", "none"}
        What a depth starts from: the trained scalars of the depth before it on
        the schedule, each new one first fitted alone, and untrained arrays;
        the trained network of the depth before; one or the other, what ends
        with the lower validation loss; nothing trained, but all shallower
        networks train in turn, from one to the next, by equal shares of
        descent_steps; or nothing trained. Arrays that train again at each
        depth ("network" and "recursive", as published) may overfit.
    descent_steps : int
        If positive, networks are trained as published: by so many steps of
        gradient descent at most (see `unrolling.descent`), from what layerwise
        says.
    safeguarded : bool
        Whether a sample whose last iterate costs more than an earlier one
        gets the cheapest. Published networks are not safeguarded, nor are
        those whose loss is supervised, whatever this option says.
    perturbation : float >= 0
        Relative size (Frobenius) of the noise that is added to each matrix of
        an untrained layer: claims about what training does to matrices start
        from perturbed ones.
    measure_layers : bool
        Whether the layers of the deepest network are measured at the
        solutions of test problems, which claims about the layers ask for. No
        other depth is sampled then.
    device : {"cpu", "cuda"}

    Where the objective's `trained_on` names other values of the problem's
    arguments, networks are trained for these, and run on the problem itself.
    Where it gives a `unit`, that of the training samples and of the thresholds
    learned from them, networks run on x / unit at lmbd / unit, and their
    outputs are multiplied by it.
    """

    network = None
    sampling_strategy = "iteration"
    stopping_criterion = DepthCriterion(strategy="iteration")

    parameters = {
        "max_layers": [10],
        "loss": ["unsupervised"],
        "layerwise": ["best"],
        "descent_steps": [0],
        "safeguarded": [True],
        "perturbation": [0.0],
        "measure_layers": [False],
        "device": ["cpu"],
    }
    ranges = {
        "max_layers": COUNT, "descent_steps": COUNT_OR_ZERO,
        "perturbation": POSITIVE_OR_ZERO,
    }
    test_config = {"max_layers": 2}

    def refusal(self, x_train, target_train=None, **_):
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                return (f"{name} must be one of {', '.join(choices)}, got "
                        f"{name}={getattr(self, name)}")
        if self.loss == "supervised" and target_train is None:
            return (
                "loss=supervised needs the true codes of the training data, "
                "which this data set does not know: use loss=semi-supervised"
            )
        if self.descent_steps and self.layerwise in ("scalars", "best"):
            return (
                "descent_steps > 0 trains all parameters of a depth together: "
                "use layerwise=none or layerwise=network with it"
            )
        if (self.layerwise == "recursive"
                and self.descent_steps < self.max_layers):
            return (
                "layerwise=recursive trains by descent, a step for each of "
                f"its {self.max_layers} depths at least, got descent_steps="
                f"{self.descent_steps}: use descent_steps=300")
        return unavailable(self.device)

    def set_objective(self, x, x_train, target_train=None, trained_on=None,
                      unit=1.0, **problem):
        if unit != 1:
            x, problem["lmbd"] = x / unit, problem["lmbd"] / unit
        self.x, self.unit = x, unit
        self.elsewhere = problem if trained_on else None
        problem = problem | (trained_on or {})
        started = time.perf_counter()
        self.untrained = self.network(**problem).to(device=self.device)
        self.untrained.guarded = (
            self.safeguarded and self.loss not in ("supervised", "none"))
        self.untrained.perturbation = self.perturbation
        target = self.make_target(x_train, target_train)
        # what training starts from; the time until here is part of its own
        self.no_layers = self.untrained_weights(
            0, {"set-up": time.perf_counter() - started})
        self.samples = tuple(
            to_tensor(v, self.device) for v in (x_train, target))
        self.seed = self.get_seed()
        self.source = digest(
            *(file.read_text("utf-8")
              for file in class_files(self.network, type(self))),
            *problem.values(), x_train, target,
            [self.name, self.loss, self.layerwise, self.descent_steps,
             self.safeguarded, self.perturbation, self.seed, self.device,
             torch.__version__, scipy.__version__],
        )
        self.weights = {}

    def warm_up(self):
        self.untrained.with_layers([]).grow(1)(to_tensor(self.x, self.device))
        synchronize(self.device)

    def pre_run_hook(self, n_layers):
        weights = self.trained_weights(n_layers)
        self.info = dict(weights.info)
        self.info["train_time_s"] = sum(self.info.pop("seconds").values())
        self.trained = self.untrained.with_layers(
            weights.layers, weights.shared)
        if self.elsewhere:  # what it computes of that problem, L say, counts
            started = time.perf_counter()
            self.trained = self.trained.with_problem(**self.elsewhere)
            self.info["train_time_s"] += time.perf_counter() - started

    def run(self, n_layers):
        self.result = self.trained(to_tensor(self.x, self.device))
        synchronize(self.device)

    def get_result(self):
        steps = [p["step"].item() for p in self.trained.layers if "step" in p]
        return {
            self.network.variable: self.unit * to_numpy(self.result),
            "training": {
                **self.info, "n_parameters": self.trained.n_parameters,
                "unrolls": self.trained.unrolls or "", "steps": steps,
                **self.trained.layer_metrics(
                    to_tensor(self.x, self.device), self.measure_layers),
            },
        }
