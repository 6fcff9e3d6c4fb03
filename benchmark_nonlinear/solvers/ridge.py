import time

import numpy as np
from benchopt.stopping_criterion import SingleRunCriterion

from unrolling.bench.checked import CheckedSolver
from unrolling.options import POSITIVE, or_tuned

N_VALUES = 9
"""Penalties that are tried, as many as values of the other methods."""


class Solver(CheckedSolver):
    """Ridge regression from y to x, without the operator.

    x = x_mean + W (y - y_mean); the penalty of W, relative to the largest
    eigenvalue of the data's covariance, is the best on validation samples. A.
    E. Hoerl and R. W. Kennard, Ridge regression: biased estimation for
    nonorthogonal problems, Technometrics 12(1), 1970,
    doi:10.1080/00401706.1970.10488634.
    """

    name = "Ridge"
    parameters = {"penalty": ["tuned"]}
    ranges = {"penalty": or_tuned(POSITIVE)}
    sampling_strategy = "run_once"
    stopping_criterion = SingleRunCriterion(strategy="run_once")

    def set_objective(self, y, train, validation, **_):
        self.y, self.samples, self.validation = y, train, validation

    def fit(self, penalty):
        """The regression with this penalty: y (n_samples, n_y) -> x."""
        x, y, _ = self.samples
        x_mean, y_mean = x.mean(axis=0), y.mean(axis=0)
        covariance = (y - y_mean).T @ (y - y_mean)
        unit = np.linalg.norm(covariance, ord=2) or 1.0
        W = np.linalg.solve(
            covariance + penalty * unit * np.eye(y.shape[1]),
            (y - y_mean).T @ (x - x_mean))
        return lambda data: x_mean + (data - y_mean) @ W

    def pre_run_hook(self, _):
        started = time.perf_counter()
        penalties = (np.geomspace(1e-9, 1e-1, N_VALUES)
                     if self.penalty == "tuned" else [self.penalty])
        self.regression = min(map(self.fit, penalties), key=self.error)
        self.train_time = time.perf_counter() - started

    def error(self, regression):
        """Mean square error on the validation samples."""
        return ((regression(self.validation.y) - self.validation.x) ** 2
                ).mean()

    def run(self, _):
        self.result = self.regression(self.y)

    def get_result(self):
        n_x, n_y = self.samples.x.shape[1], self.samples.y.shape[1]
        return {"x": self.result, "training": {
            "train_time_s": self.train_time, "n_parameters": n_x * (n_y + 1)}}
