import json

import numpy as np
from benchmark_utils.reference import certified_optimum
from benchopt import BaseObjective

from unrolling.fingerprint import Fingerprinted
from unrolling.lasso import (
    check_lasso,
    duality_gap,
    lasso_cost,
    support_lipschitz,
)
from unrolling.solver import GapCriterion


class Objective(Fingerprinted, BaseObjective):
    """The Lasso for many samples that share one dictionary.

    min_z F_x(z) = 1/2 ||x - D z||^2 + lmbd ||z||_1 for each row x of the test
    set. The atoms (columns of D) are scaled to unit norm, and each x such
    that ||D'x||_inf = 1, so that lmbd_max = 1 for all and lmbd = reg.
    Suboptimality is the mean of F_x(z) - F_x(z*) over the test set, with z*
    certified by a relative duality gap of at most 1e-12 on every problem.
    """

    name = "Lasso"
    url = "https://github.com/unrolling/unrolling/tree/main/benchmark_lasso"
    min_benchopt_version = "1.10"
    requirements = ["pip::torch", "numba", "scikit-learn"]

    parameters = {"reg": [0.1, 0.5, 0.8]}
    test_config = {"reg": 0.5}
    test_dataset_name = "Simulated"

    sampling_strategy = "callback"
    stopping_criterion = GapCriterion(strategy="callback")

    def skip(self, D, x_train, x_test, z_train=None, z_test=None,
             unavailable=None):
        """Refuse bad data here, so that the other data sets still run."""
        if unavailable:
            return True, unavailable
        try:
            if not 0 < self.reg <= 1:
                raise ValueError(
                    f"reg must be in (0, 1], got reg={self.reg}: it is the "
                    "share of lmbd_max, above which every solution is zero"
                )
            for name, x in (("x_train", x_train), ("x_test", x_test)):
                check_data(name, D, x)
            for name, z, x in (("z_train", z_train, x_train),
                               ("z_test", z_test, x_test)):
                expected = len(x), D.shape[1]
                if z is not None and z.shape != expected:
                    raise ValueError(
                        f"{name} must have shape (n_samples, n_atoms) = "
                        f"{expected}, got {z.shape}"
                    )
                if z is not None and not np.isfinite(z).all():
                    raise ValueError(
                        f"{name} must be finite, got NaN or infinite entries")
        except (ValueError, TypeError, AttributeError) as error:
            return True, f"{error}"
        return False, None

    def set_data(self, D, x_train, x_test, z_train=None, z_test=None,
                 unavailable=None):
        D, x_train, x_test, z_train, z_test = (
            v if v is None else np.asarray(v, dtype=np.float64)
            for v in (D, x_train, x_test, z_train, z_test)
        )
        norms = np.linalg.norm(D, axis=0)
        self.D = D / norms
        self.x_train, self.z_train = scale(self.D, x_train, z_train, norms)
        self.x_test, self.z_test = scale(self.D, x_test, z_test, norms)
        self.lmbd = self.reg
        self.optimum, self.reference_gap = certified_optimum(
            self.D, self.x_test, self.lmbd)

    def get_objective(self):
        return {
            "D": self.D, "x": self.x_test, "lmbd": self.lmbd,
            "x_train": self.x_train, "target_train": self.z_train,
        }

    def evaluate_result(self, z, training=None):
        """Metrics of z (n_samples, n_atoms), in float64 with the true D."""
        expected = len(self.x_test), self.D.shape[1]
        if z.shape != expected:
            raise ValueError(
                f"z must have shape (n_samples, n_atoms) = {expected}, got "
                f"{z.shape}: return one row per sample from get_result"
            )
        problem = self.D, self.x_test, self.lmbd
        cost = lasso_cost(z, *problem)
        suboptimality = cost - self.optimum
        metrics = {
            "value": cost.mean(),
            "suboptimality": suboptimality.mean(),
            "suboptimality_median": np.median(suboptimality),
            "suboptimality_worst": suboptimality.max(),
            "duality_gap": duality_gap(z, *problem).max(),
            "reference_gap": self.reference_gap,
            "support_size": (z != 0).sum(axis=1).mean(),
        }
        if self.z_test is not None:
            error = ((z - self.z_test) ** 2).sum()
            metrics["nmse_db"] = 10 * np.log10(
                error / (self.z_test**2).sum() + 1e-300)
        if training is not None:
            metrics |= training
            metrics["steps"] = json.dumps(training["steps"])
            metrics |= self.inverse_lipschitz(z)
        return {name: v if isinstance(v, (str, int)) else float(v)
                for name, v in metrics.items()}

    def inverse_lipschitz(self, z, n_samples=100):
        """1/L, and quantiles of 1/L_S over the supports of the first z."""
        L_S = support_lipschitz(self.D, z[:n_samples])
        quantiles = np.quantile(1 / L_S[L_S > 0], [0.1, 0.5, 0.9]) if (
            L_S.any()) else [np.nan] * 3
        return dict(zip(
            ["inverse_L", "inverse_L_S_q10", "inverse_L_S_median",
             "inverse_L_S_q90"],
            [1 / np.linalg.norm(self.D, ord=2) ** 2, *quantiles],
            strict=True,
        ))

    def get_one_result(self):
        return {"z": np.zeros((len(self.x_test), self.D.shape[1]))}


def check_data(name, D, x):
    """ValueError unless the samples can be scaled to ||D'x||_inf = 1."""
    try:
        check_lasso(D, x)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
    if not len(x):
        raise ValueError(f"{name} must hold at least 1 sample, got 0")
    lmbd_max = abs(x @ D).max(axis=1)
    rounding = 1e-12 * np.linalg.norm(x, axis=1) * np.linalg.norm(
        D, axis=0).max()
    orthogonal = np.flatnonzero(lmbd_max <= rounding)
    if len(orthogonal):
        raise ValueError(
            f"{name}: each sample needs lmbd_max = ||D'x||_inf > 0, got 0 "
            f"(orthogonal to every atom) for rows {orthogonal[:10].tolist()}: "
            "remove these samples"
        )


def scale(D, x, z, norms):
    """x with ||D'x||_inf = 1, and its codes for the atoms of unit norm."""
    lmbd_max = abs(x @ D).max(axis=1, keepdims=True)
    return x / lmbd_max, None if z is None else z * norms / lmbd_max
