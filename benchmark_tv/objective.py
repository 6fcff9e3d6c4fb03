import numpy as np
from benchmark_utils.tv_reference import certified_reference

from unrolling.bench.criteria import GapCriterion
from unrolling.bench.objective import (
    BenchmarkObjective,
    check_result,
    check_truth,
    cost_metrics,
    encode,
)
from unrolling.bench.samples import written
from unrolling.linear import squared_norms
from unrolling.tv import best_constant, tv_cost, tv_duality_gap, tv_lmbd_max

SAME = 1e-9
"""Neighbours of a signal that differ by less, as a share of its largest
magnitude, belong to one segment: some methods merge them in the limit only."""


class Objective(BenchmarkObjective):
    """TV-regularised regression for many samples that share one matrix.

    min_u P_x(u) = f(x - A u) + lmbd ||nabla u||_1 for each row x of the test
    set, with nabla u the differences u_{j+1} - u_j. The data fit is f(r) =
    1/2 ||r||^2 (data_fit=quad), or the sum of Huber's function, r_i^2 / 2
    where |r_i| <= delta_x and delta_x |r_i| - delta_x^2 / 2 elsewhere
    (data_fit=huber): delta_x is the share `delta` of the largest residual that
    the best constant leaves of x in the least squares sense. Each x, and
    delta_x with it, is scaled such that its lmbd_max, from which on the best
    constant is a solution, is 1; so lmbd = reg.

    All methods start from the best constant of each sample (init=constant):
    it costs a product, and it is the solution for lmbd >= lmbd_max. With
    init=least-squares they start from x pinv(A)', as published networks do,
    with pinv(A) for nothing. On haemodynamic deconvolution that is no start:
    it has a cost of 56.7, while zero has 2.27e-3 and the optimum 1.39e-3. A is
    nearly singular there, so that it amplifies the noise, and most iterations
    of any method would undo this.

    Suboptimality is the mean of P_x(u) - P_x(u*) over the test set, with u*
    solved to a relative duality gap of 1e-12 on every problem, or as far as
    rounding allows (reference_gap). Algorithms stop at a relative duality gap
    of 1e-10, or after max_time seconds of their own, or at the first iteration
    sampled that is no less than max_iter.
    """

    name = "TV"
    url = "https://github.com/unrolling/unrolling/tree/main/benchmark_tv"
    min_benchopt_version = "1.10"
    requirements = ["pip::torch", "numba", "scipy"]

    parameters = {
        "reg": [0.1, 0.5, 0.8], "data_fit": ["quad"], "delta": [0.3],
        "init": ["constant"],
        "max_time": [1.0], "max_iter": [8_000_000]}
    test_config = {"reg": 0.5}
    test_dataset_name = "Simulated"

    sampling_strategy = "callback"
    stopping_criterion = GapCriterion(strategy="callback")

    def check(self, A, x_train, x_test, u_train=None, u_test=None):
        if not 0 < self.reg <= 1:
            raise ValueError(
                f"reg must be in (0, 1], got reg={self.reg}: it is the share "
                "of lmbd_max, above which a constant is a solution"
            )
        if self.data_fit not in ("quad", "huber"):
            raise ValueError(
                "data_fit must be quad or huber, got "
                f"data_fit={self.data_fit}: huber is for outliers")
        if self.data_fit == "huber" and not 0 < self.delta <= 1:
            raise ValueError(
                f"delta must be in (0, 1], got delta={self.delta}: it is the "
                "share of the largest residual of the best constant"
            )
        if self.init not in ("constant", "least-squares"):
            raise ValueError(
                "init must be constant or least-squares, got "
                f"init={self.init}: it is what all methods start from")
        if not self.max_time > 0:
            raise ValueError(
                f"max_time must be positive, got max_time={self.max_time}: it "
                "is the time of an iterative solver, s")
        if not self.max_iter > 0:
            raise ValueError(
                f"max_iter must be positive, got max_iter={self.max_iter}: it "
                "is the number of iterations of an iterative solver")
        for part, x, u in (("train", x_train, u_train),
                           ("test", x_test, u_test)):
            self.check_samples(f"x_{part}", A, x)
            if u is not None:
                check_truth(f"u_{part}", u, (len(x), np.shape(A)[1]),
                            "n_samples, n_times", "signals")

    def check_samples(self, name, A, x):
        """ValueError unless the samples can be scaled to lmbd_max = 1."""
        if not np.size(x):
            raise ValueError(f"{name} must hold at least 1 sample, got shape "
                             f"{np.shape(x)}")
        try:
            lmbd_max = tv_lmbd_max(A, x)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        columns = np.cumsum(np.asarray(A, float)[:, ::-1], axis=1)
        rounding = 1e-12 * np.linalg.norm(x, axis=1) * np.linalg.norm(
            columns, axis=0).max()
        if self.data_fit == "huber" and (lmbd_max > rounding).all():
            lmbd_max = tv_lmbd_max(A, x, self.hubers_delta(A, x))
        flat = np.flatnonzero(lmbd_max <= rounding)
        if len(flat):
            raise ValueError(
                f"{name}: each sample needs lmbd_max > 0, got 0 (a constant "
                "signal fits it as well as any) for rows "
                f"{flat[:10].tolist()}: remove these samples"
            )

    def set_data(self, A, x_train, x_test, u_train=None, u_test=None):
        self.A, x_train, x_test, u_train, u_test = (
            v if v is None else np.asarray(v, dtype=np.float64)
            for v in (A, x_train, x_test, u_train, u_test)
        )
        self.x_train, self.u_train, _ = self.scale(x_train, u_train)
        self.x_test, self.u_test, self.delta_test = self.scale(x_test, u_test)
        self.lmbd = self.reg
        self.problem = self.A, self.x_test, self.lmbd, self.delta_test
        self.reference = certified_reference(*self.problem)
        self.start_map = (
            np.linalg.pinv(self.A) if self.init == "least-squares" else None)

    def hubers_delta(self, A, x):
        """Huber's delta of each sample, or None for the quadratic data fit."""
        if self.data_fit != "huber":
            return None
        image = best_constant(A, x)[:, None] * np.sum(A, axis=1)
        return self.delta * abs(x - image).max(axis=1)

    def scale(self, x, u):
        """x with lmbd_max = 1, its signals, and Huber's delta or None."""
        delta = self.hubers_delta(self.A, x)
        lmbd_max = tv_lmbd_max(self.A, x, delta)
        return (x / lmbd_max[:, None],
                None if u is None else u / lmbd_max[:, None],
                None if delta is None else delta / lmbd_max)

    def get_objective(self):
        return {
            "A": self.A, "x": self.x_test, "lmbd": self.lmbd,
            "delta": self.delta_test, "max_time": self.max_time,
            "max_iter": self.max_iter, "start_map": self.start_map,
            "x_train": self.x_train, "target_train": self.u_train,
        }

    def evaluate_result(self, u, training=None):
        """Metrics of u (n_samples, n_times), in float64."""
        check_result("u", u, (len(self.x_test), self.A.shape[1]),
                     "(n_samples, n_times)")
        finite = np.isfinite(u).all(axis=1)
        known = np.where(finite[:, None], u, 0.0)  # the others have diverged
        cost, gap = (np.where(finite, of(known, *self.problem), np.nan)
                     for of in (tv_cost, tv_duality_gap))
        suboptimality = cost - self.reference.cost
        metrics = {
            **cost_metrics(cost, suboptimality),
            "duality_gap": gap.max(),
            "reference_gap": self.reference.gap,
            "n_segments": n_segments(u).mean(),
            "synthesis_L": self.reference.L_synthesis / self.reference.L,
        }
        metrics["signal"] = listed(u[0])
        samples = {
            "suboptimality": suboptimality,
            "resolution": self.reference.resolution,
        }
        if self.u_test is not None:
            metrics["truth"] = listed(self.u_test[0])
            samples["error"] = squared_norms(u - self.u_test)
            metrics["nmse_db"] = 10 * np.log10(
                samples["error"].sum() / (self.u_test**2).sum() + 1e-300)
        metrics |= written(**samples)
        if training is not None:
            metrics |= training | {"inverse_L": 1 / self.reference.L}
        return encode(metrics)

    def get_one_result(self):
        return {"u": np.zeros((len(self.x_test), self.A.shape[1]))}


def listed(signal):
    """The signal of one sample with the digits that a plot shows, a list."""
    return [float(f"{value:.4g}") for value in signal]


def n_segments(u):
    """Number of constant segments of each row, see SAME, (n_samples,); NaN
    where it is not finite."""
    size = abs(u).max(axis=1, keepdims=True)
    n = 1 + (abs(np.diff(u)) > SAME * size).sum(axis=1)
    return np.where(np.isfinite(size[:, 0]), n, np.nan)
