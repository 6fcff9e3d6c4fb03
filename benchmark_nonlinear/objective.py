import numpy as np
from benchmark_utils.image_quality import (
    DIVERGED,
    dynamic_range,
    mean_squares,
    mesh_ssim,
    relative_errors,
)
from benchmark_utils.nonlinear_samples import SPLITS, Samples
from benchmark_utils.shown import values_as_text

from unrolling.bench.objective import (
    BenchmarkObjective,
    check_result,
    check_truth,
    encode,
)
from unrolling.bench.samples import written
from unrolling.options import COUNT, POSITIVE, check_options
from unrolling.psnr import psnr_db

N_SHOWN = 4
"""Test samples that the report shows."""


class Objective(BenchmarkObjective):
    """Recover x (n_x) from y = K(x) + noise (n_y), where K is nonlinear.

    Methods get the operator K, with its exact Jacobian J and J' r at any
    point; pairs (x, y) that train and others that choose among what has been
    trained; the test samples' y, and a rule that makes an initial guess of
    each: the time that it takes is part of the run of a method that uses it.
    Many problems share K; samples are rows. Classical methods stop after
    max_iter iterations or max_time seconds, and have their one parameter tuned
    on validation samples.

    Metrics compare x with the truth: `mse`, the mean over the test samples of
    the mean square error of an entry, `relative_error`, `psnr_db`, and on a
    mesh `ssim` and `dynamic_range` in per cent. `misfit` is the mean of
    ||K(x) - y|| / ||y||. An error above 1e4, or NaN, counts as 1e4;
    `dynamic_range` leaves these samples out, and `ssim` is 0 where x is not
    finite. Q. Zhou, J. Qian, J. Tang and J. Li, Deep unrolling networks with
    recurrent momentum acceleration for nonlinear inverse problems, Inverse
    Problems 40(5), 2024, arXiv:2307.16120.
    """

    name = "Nonlinear"
    url = ("https://github.com/unrolling/unrolling/tree/main/"
           "benchmark_nonlinear")
    min_benchopt_version = "1.10"
    requirements = ["pip::torch", "scipy"]

    parameters = {"max_iter": [20], "max_time": [30]}
    test_config = {"max_iter": 5}
    test_dataset_name = "Deconvolution"

    sampling_strategy = "callback"

    def check(self, K, background, x_train, y_train, x_val, y_val, x_test,
              y_test, start=None, mesh=None):
        check_options(COUNT, max_iter=self.max_iter)
        check_options(POSITIVE, max_time=self.max_time)
        if not min(len(x_train), len(x_val), len(x_test)):
            raise ValueError(
                "x_train, x_val and x_test must have a sample each, got "
                f"{len(x_train)}, {len(x_val)} and {len(x_test)}")
        check_truth("background", background, (K.n_x,), "n_x", "point")
        for split, x, y in zip(SPLITS, (x_train, x_val, x_test),
                               (y_train, y_val, y_test), strict=True):
            check_truth(f"x_{split}", x, (len(x), K.n_x),
                        "n_samples, n_x", "points")
            check_truth(f"y_{split}", y, (len(x), K.n_y),
                        "n_samples, n_y", "data")
        if mesh is not None and len(mesh.triangles) != K.n_x:
            raise ValueError(
                f"mesh must have n_x = {K.n_x} triangles, got "
                f"{len(mesh.triangles)}: one for each entry of x")
        value = K.forward(x_train[:1])
        if value.shape != (1, K.n_y) or not np.isfinite(value).all():
            raise ValueError(
                f"K.forward must return finite data of shape (1, {K.n_y}) for "
                f"the first training sample, got shape {value.shape}, "
                f"{np.isfinite(value).sum()} finite entries")
        check_derivatives(K, background)
        if start is not None:
            check_truth("start(y)", start(np.asarray(y_train[:2], float)),
                        (len(x_train[:2]), K.n_x), "n_samples, n_x",
                        "initial guesses")

    def set_data(self, K, background, x_train, y_train, x_val, y_val, x_test,
                 y_test, start=None, mesh=None):
        self.K, self.background, self.mesh = K, background, mesh
        self.start = start or (lambda y: np.tile(background, (len(y), 1)))
        self.test = Samples(np.asarray(x_test, float),
                            np.asarray(y_test, float))
        self.train, self.validation = (
            Samples(np.asarray(x, float), np.asarray(y, float), self.start(y))
            for x, y in ((x_train, y_train), (x_val, y_val)))

    def get_objective(self):
        return {
            "K": self.K, "background": self.background, "y": self.test.y,
            "start": self.start, "train": self.train,
            "validation": self.validation, "max_iter": self.max_iter,
            "max_time": self.max_time,
        }

    @np.errstate(over="ignore", invalid="ignore")  # where it has diverged
    def evaluate_result(self, x, training=None):
        """Metrics of x (n_test, n_x); `training` is what a trained method
        says of itself, added to them."""
        truth, y = self.test.x, self.test.y
        check_result("x", x, truth.shape, "(n_test, n_x)")
        mse = mean_squares(x, truth)
        misfit = relative_errors(self.K.forward(x), y)
        metrics = {
            "value": mse.mean(), "mse": mse.mean(),
            "relative_error": relative_errors(x, truth).mean(),
            "psnr_db": psnr_db(mse, np.ptp(truth, axis=1)).mean(),
            "misfit": misfit.mean(),
            "reconstructions": values_as_text(x[:N_SHOWN]),
            "truth": values_as_text(truth[:N_SHOWN]), "n_x": self.K.n_x,
        } | written(mse=mse, misfit=misfit, diverged=mse >= DIVERGED)
        if self.mesh is not None:
            metrics |= {
                "ssim": mesh_ssim(x, truth, self.mesh.edges).mean(),
                "dynamic_range": dynamic_range(x, truth),
                "centres": values_as_text(self.mesh.centres),
            }
        return encode(metrics | (training or {}))

    def get_one_result(self):
        return {"x": self.start(self.test.y)}


def check_derivatives(K, background):
    """ValueError unless J, J d and J' r at the background are of one J."""
    rng = np.random.default_rng(0)
    d, r = rng.standard_normal((1, K.n_x)), rng.standard_normal((1, K.n_y))
    at = K.at(np.asarray(background, float)[None])
    Jd = at.jacobian()[0] @ d[0]
    found = {"pull": at.pull(r)[0] @ d[0], "push": at.push(d)[0] @ r[0]}
    size = np.linalg.norm(Jd) * np.linalg.norm(r)
    for name, value in found.items():
        if not abs(value - Jd @ r[0]) <= 1e-6 * size:
            raise ValueError(
                f"K.at(x).{name} must be that of K.at(x).jacobian(): expected "
                f"r'J d = {Jd @ r[0]:.6g} at the background, got {value:.6g}")
