import numpy as np
from benchmark_utils.checks_training import check_fit, check_game
from benchmark_utils.fits import LOSSES, Fit
from benchmark_utils.games import Game
from benchmark_utils.restarts import best_of_restarts

from unrolling.bench.objective import BenchmarkObjective, check_result, encode
from unrolling.bench.pictures import as_text
from unrolling.options import COUNT, check_options


class Objective(BenchmarkObjective):
    """Training a network whose objective is the sum of two parts.

    min F(theta) = f(theta) + g(theta), which consensus ADMM splits into
    f(theta_1) + g(theta_2) with theta_1 = theta_2. In a fit (regression or
    classification), f is the sum of the losses of the training samples and g =
    decay/2 ||theta||^2. In a game (gan), theta are the parameters of a
    discriminator, f is its loss on real samples and g on those of a generator,
    which learns at the same time.

    All methods start from the same parameters and take n_steps gradients of a
    batch; the full gradient counts as all its batches. Z. Hervieux-Moore, ADMM
    in neural networks, slides of ELE 538B, 2018. Metrics of a fit: `value` =
    F(theta_1), `value_theta_2`, `value_average`, `excess` = F(theta_1)/F* - 1,
    where F* is the least of n_restarts local minima and nothing proves it to
    be the optimum, `consensus_gap`, `test_error`. Of a game: `value` = the
    sliced Wasserstein distance of generated to test samples, `modes`,
    `fraction`, `consensus_gap`. What has diverged has an infinite value.
    """

    name = "Training"
    url = "https://github.com/unrolling/unrolling/tree/main/benchmark_training"
    min_benchopt_version = "1.10"
    requirements = ["scipy", "scikit-learn"]

    parameters = {"n_steps": [4000], "n_restarts": [10]}
    test_config = {"n_steps": 20, "n_restarts": 2}
    test_dataset_name = "Toy-regression"

    sampling_strategy = "callback"

    def check(self, kind, **data):
        check_options(
            COUNT, n_steps=self.n_steps, n_restarts=self.n_restarts)
        if kind != "gan" and kind not in LOSSES:
            raise ValueError(
                f"kind must be one of gan, {', '.join(LOSSES)}, got {kind}")
        if kind == "gan":
            check_game(**data)
        else:
            check_fit(kind, **data)

    def set_data(self, kind, **data):
        if kind == "gan":
            self.task, self.reference = Game(**data), None
            return
        self.task = Fit(kind, **data)
        self.reference = best_of_restarts(
            kind, data["X_train"], data["y_train"], data["n_hidden"],
            data["decay"], data["seed"], self.n_restarts)

    def get_objective(self):
        return {"task": self.task, "n_steps": self.n_steps}

    def evaluate_result(self, **parameters):
        """Metrics of flat parameters: theta, and theta_2 of a second block;
        for a game theta_g, theta_d and theta_2."""
        start = self.get_one_result()
        *_, last = start.values()  # theta_2 is another of these
        for name, value in parameters.items():
            check_result(name, value, np.shape(start.get(name, last)),
                         "(as the start)")
        metrics = self.task.metrics(**parameters)
        finite = bool(np.isfinite(metrics["value"]))
        metrics = {
            name: value if np.isfinite(value) else np.inf
            for name, value in metrics.items()} | {"finite": int(finite)}
        if self.reference is not None:
            metrics |= {
                "excess": metrics["value"] / self.reference.value - 1,
                "reference": self.reference.value,
                "reference_gradient": self.reference.gradient,
                "reference_spread": self.reference.spread}
        else:
            truth, picture = self.task.pictures(parameters["theta_g"])
            metrics |= {"pictures": as_text(picture[None]),
                        "truth": as_text(truth[None])}
        return encode(metrics)

    def get_one_result(self):
        if self.task.kind == "gan":
            theta_g, theta_d = self.task.start
            return {"theta_g": theta_g, "theta_d": theta_d}
        return {"theta": self.task.start}
