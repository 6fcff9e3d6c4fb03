import numpy as np
from benchmark_utils.reference import N_LISTED, certified_reference

from unrolling.bench.criteria import GapCriterion
from unrolling.bench.objective import (
    BenchmarkObjective,
    check_result,
    check_truth,
    cost_metrics,
    encode,
)
from unrolling.bench.samples import written
from unrolling.lasso.problem import check_lasso, cost_and_gap
from unrolling.linear import squared_norms


class Objective(BenchmarkObjective):
    """The Lasso for many samples that share one dictionary.

    min_z F_x(z) = 1/2 ||x - D z||^2 + lmbd ||z||_1 for each row x of the test
    set. The atoms (columns of D) are scaled to unit norm, and each x such
    that ||D'x||_inf = 1, so that lmbd_max = 1 for all and lmbd = reg.
    Suboptimality is the mean of F_x(z) - F_x(z*) over the test set, with z*
    certified by a relative duality gap of at most 1e-12 on every problem, or
    as far as rounding allows (reference_gap).
    Networks are trained for the same D and lmbd, unless the data set names
    others, D_train and reg_train (n_train,). With reg_train, they train and
    run at lmbd = 1 on x / reg, which is the same problem: its cost at z / reg
    is F_x(z) / reg^2.
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

    def check(self, D, x_train, x_test, z_train=None, z_test=None,
              D_train=None, reg_train=None):
        if reg_train is not None:
            check_regs(np.asarray(reg_train), len(x_train))
        if not 0 < self.reg <= 1:
            raise ValueError(
                f"reg must be in (0, 1], got reg={self.reg}: it is the share "
                "of lmbd_max, above which every solution is zero"
            )
        for part, x, z in (("train", x_train, z_train),
                           ("test", x_test, z_test)):
            check_samples(f"x_{part}", np.asarray(
                D_train if part == "train" and D_train is not None else D),
                np.asarray(x))
            if z is not None:
                check_truth(f"z_{part}", z, (len(x), np.shape(D)[1]),
                            "n_samples, n_atoms", "codes")

    def set_data(self, D, x_train, x_test, z_train=None, z_test=None,
                 D_train=None, reg_train=None):
        D, D_train, x_train, x_test, z_train, z_test, reg_train = (
            v if v is None else np.asarray(v, dtype=np.float64) for v in (
                D, D_train, x_train, x_test, z_train, z_test, reg_train))
        self.D, self.x_test, self.z_test = scale(D, x_test, z_test)
        atoms, self.x_train, self.z_train = scale(
            D if D_train is None else D_train, x_train, z_train)
        self.lmbd = self.reg
        self.trained_on = {} if D_train is None else {"D": atoms}
        self.unit = 1.0 if reg_train is None else self.lmbd
        if reg_train is not None:
            self.trained_on |= {"lmbd": 1.0}
            self.x_train = self.x_train / reg_train[:, None]
            if self.z_train is not None:
                self.z_train = self.z_train / reg_train[:, None]
        self.reference = certified_reference(self.D, self.x_test, self.lmbd)
        self.optimum = self.reference.cost

    def get_objective(self):
        return {
            "D": self.D, "x": self.x_test, "lmbd": self.lmbd,
            "x_train": self.x_train, "target_train": self.z_train,
            "trained_on": self.trained_on, "unit": self.unit,
        }

    def evaluate_result(self, z, training=None, products=None):
        """Metrics of z (n_samples, n_atoms), in float64 with the true D.

        `training` is what a network says of itself; `products` is what z has
        cost a sample so far, in products of a vector with D or D', where the
        solver counts it: for others an iteration is two.
        """
        check_result("z", z, (len(self.x_test), self.D.shape[1]),
                     "(n_samples, n_atoms)")
        cost, gap = cost_and_gap(z, self.D, self.x_test, self.lmbd)
        suboptimality = cost - self.optimum
        metrics = {
            **cost_metrics(cost, suboptimality),
            "duality_gap": gap.max(),
            "reference_gap": self.reference.gap,
            "support_size": (z != 0).sum(axis=1).mean(),
            **self.distance_to_solution(z, suboptimality),
        }
        samples = {
            "suboptimality": suboptimality,
            "resolution": self.reference.resolution,
            "distance": squared_norms(z - self.reference.z),
        }
        if self.z_test is not None:
            samples["error"] = squared_norms(z - self.z_test)
            metrics["nmse_db"] = 10 * np.log10(
                samples["error"].sum() / (self.z_test**2).sum() + 1e-300)
        metrics |= written(**samples)
        if products is not None:
            metrics["products"] = products
        if training is not None:
            metrics |= training | {"inverse_L": 1 / self.reference.L}
        return encode(metrics)

    def distance_to_solution(self, z, suboptimality):
        """How far z is from z*, and what the theory says of the way there.

        Returns
        -------
        dict
            distance : ||z - z*||_F / ||z*||_F.
            identified : share of the samples with the signs of z*.
            suboptimality_scaled : largest over the samples of the excess
            F(z) - F(z*) in the unit of the rates, L ||z*||^2 / 2: at most 1/t
            after t iterations of ISTA, 4/(t + 1)^2 of FISTA (A. Beck and M.
            Teboulle, 2009, theorems 3.1 and 4.4).
            listed_* : of the first samples one by one, their excess, whether
            they are identified, ||z - z*||^2, L_S*, and the contraction
            1 - mu*/L_S* of a step 1/L_S* on the support S* of z*, whose Gram
            matrix has its eigenvalues in [mu*, L_S*].
        """
        z_star = self.reference.z
        identified = (np.sign(z) == np.sign(z_star)).all(axis=1)
        norm2 = (z_star**2).sum(axis=1)
        unit = self.reference.L * norm2 / 2
        scaled = suboptimality[norm2 > 0] / unit[norm2 > 0]
        return {
            "distance": (((z - z_star) ** 2).sum()
                         / max(norm2.sum(), 1e-300)) ** 0.5,
            "identified": identified.mean(),
            "suboptimality_scaled": scaled.max(initial=0),
            "listed_suboptimality": suboptimality[:N_LISTED].tolist(),
            "listed_identified": identified[:N_LISTED].tolist(),
            "listed_distance": squared_norms(
                z[:N_LISTED] - z_star[:N_LISTED]).tolist(),
            "listed_contraction": [c for c, _ in self.reference.support],
            "listed_lipschitz": [L_S for _, L_S in self.reference.support],
        }

    def get_one_result(self):
        return {"z": np.zeros((len(self.x_test), self.D.shape[1]))}


def check_samples(name, D, x):
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


def check_regs(reg_train, n_train):
    """ValueError unless each training sample has its level of sparsity."""
    if reg_train.shape != (n_train,):
        raise ValueError(
            f"reg_train must have shape (n_train,) = ({n_train},), got "
            f"{reg_train.shape}: give one level for each row of x_train")
    if not ((reg_train > 0) & (reg_train <= 1)).all():
        raise ValueError("reg_train must be in (0, 1], as reg, got values "
                         f"from {reg_train.min()} to {reg_train.max()}")


def scale(D, x, z):
    """D with atoms of unit norm, x with ||D'x||_inf = 1, and its codes."""
    norms = np.linalg.norm(D, axis=0)
    D = D / norms
    lmbd_max = abs(x @ D).max(axis=1, keepdims=True)
    return D, x / lmbd_max, None if z is None else z * norms / lmbd_max
