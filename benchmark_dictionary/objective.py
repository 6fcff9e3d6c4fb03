import numpy as np
from scipy.optimize import linear_sum_assignment

from unrolling.bench.objective import BenchmarkObjective, check_result, encode
from unrolling.lasso import check_lasso, solve_lasso
from unrolling.lasso.problem import cost_of_residual
from unrolling.options import COUNT, POSITIVE, PROPER_SHARE, check_options

GAP = 1e-8
"""Relative duality gap to which codes are solved when D is evaluated."""


class Objective(BenchmarkObjective):
    """Dictionary learning, of n_atoms atoms d_j with ||d_j|| <= 1.

    min_D F(D) = mean_i min_z 1/2 ||x_i - D z||^2 + lmbd ||z||_1 over the
    training samples, which have unit norm: from lmbd = 1 on all codes are
    zero, whatever D, and lmbd = reg. F is measured with codes solved anew for
    D, to a relative duality gap of at most 1e-8, on the training samples
    (value) and on held-out ones; value_at_codes is the cost of the solver's
    own codes. All solvers start from the first n_atoms training samples, and
    have max_time seconds. J. Mairal, F. Bach, J. Ponce and G. Sapiro, Online
    learning for matrix factorization and sparse coding, J. Mach. Learn. Res.
    11, 2010, arXiv:0908.0050.
    """

    name = "Dictionary learning"
    url = ("https://github.com/unrolling/unrolling/tree/main/"
           "benchmark_dictionary")
    min_benchopt_version = "1.10"
    requirements = ["numba", "scipy"]

    parameters = {"reg": [0.1, 0.3], "n_atoms": [128], "max_time": [10]}
    test_config = {"n_atoms": 20, "max_time": 1}
    test_dataset_name = "Simulated"

    sampling_strategy = "callback"

    def check(self, x_train, x_test, D=None):
        check_options(PROPER_SHARE, reg=self.reg)
        check_options(COUNT, n_atoms=self.n_atoms)
        check_options(POSITIVE, max_time=self.max_time)
        check_samples("x_train", x_train)
        check_samples("x_test", x_test)
        n_dim, n_test = np.shape(x_train)[1], np.shape(x_test)[1]
        if n_test != n_dim:
            raise ValueError(
                f"x_test must have the columns of x_train, n_dim = {n_dim}, "
                f"got {n_test}; samples are rows"
            )
        if self.n_atoms > len(x_train):
            raise ValueError(
                "n_atoms must be at most the number of training samples, "
                f"{len(x_train)}, the first of which are the start, got "
                f"n_atoms={self.n_atoms}"
            )
        if D is not None:
            check_lasso(np.asarray(D), np.asarray(x_train))

    def set_data(self, x_train, x_test, D=None):
        self.x_train, self.x_test = (
            x / np.linalg.norm(x, axis=1, keepdims=True)
            for x in (np.asarray(x_train, float), np.asarray(x_test, float))
        )
        self.D_true = D
        self.D_init = self.x_train[:self.n_atoms].T.copy()

    def get_objective(self):
        return {"D_init": self.D_init, "x": self.x_train, "lmbd": self.reg,
                "max_time": self.max_time}

    def evaluate_result(self, D, z=None, steps=None, train_time_s=0.0):
        """Metrics of D (n_dim, n_atoms) and, where given, of its codes."""
        check_dictionary(D, self.D_init.shape)
        codes, gap = codes_of(D, self.x_train, self.reg)
        codes_test, gap_test = codes_of(D, self.x_test, self.reg)
        metrics = {
            "value": mean_cost(codes, D, self.x_train, self.reg),
            "value_test": mean_cost(codes_test, D, self.x_test, self.reg),
            "reference_gap": max(gap, gap_test),
            "stationarity": stationarity(D, self.x_train, codes),
            "support_size": (codes != 0).sum(axis=1).mean(),
            "train_time_s": train_time_s,
        }
        if z is not None:
            metrics["value_at_codes"] = mean_cost(
                z, D, self.x_train, self.reg)
        if self.D_true is not None:
            metrics["recovery"] = recovery(D, self.D_true)
        if steps is not None:
            metrics["steps"] = steps
        return encode(metrics)

    def get_one_result(self):
        return {"D": self.D_init}


def check_samples(name, x):
    """ValueError unless the samples can be scaled to unit norm."""
    if np.ndim(x) != 2 or not len(x):
        raise ValueError(
            f"{name} must have shape (n_samples >= 1, n_dim), got "
            f"{np.shape(x)}; samples are rows"
        )
    norms = np.linalg.norm(x, axis=1)
    bad = np.flatnonzero(~(np.isfinite(norms) & (norms > 0)))
    if len(bad):
        raise ValueError(
            f"{name}: each sample must be finite and nonzero, got NaN, "
            f"infinity or zero in rows {bad[:10].tolist()}: remove these"
        )


def check_dictionary(D, shape):
    """ValueError unless the atoms are in the unit ball."""
    check_result("D", D, shape, "(n_dim, n_atoms)")
    norm = np.linalg.norm(D, axis=0).max()
    if not norm <= 1 + 1e-9:  # nor if it is no number
        raise ValueError(
            f"each atom must have ||d_j|| <= 1, got {norm}: project D before "
            "it is returned"
        )


def codes_of(D, x, lmbd):
    """Solve for the codes of D: these, and the largest relative duality gap.

    Those of an atom that is zero are 0, and leave the rest as without it.
    """
    z, used = np.zeros((len(x), D.shape[1])), D.any(axis=0)
    if not used.any():
        return z, 0.0
    z[:, used], gap = solve_lasso(D[:, used], x, lmbd, GAP)
    return z, gap.max()


def mean_cost(z, D, x, lmbd):
    """Mean of 1/2 ||x_i - D z_i||^2 + lmbd ||z_i||_1 over the samples."""
    return cost_of_residual(x - z @ D.T, z, lmbd).mean()


def gradient(D, x, z):
    """mean_i (D z_i - x_i) z_i', (n_dim, n_atoms).

    The gradient of F at D, by the envelope theorem, where the z_i are the
    minimisers for D and unique. For other codes its error is of the order of
    theirs: B. Malezieux, T. Moreau and M. Kowalski, Understanding approximate
    and unrolled dictionary learning for pattern recovery, ICLR 2022,
    arXiv:2106.06338.
    """
    return (z @ D.T - x).T @ z / len(x)


def stationarity(D, x, z):
    """||D - P(D - grad / L_A)|| / ||D||, zero at stationary points.

    P projects each atom on the unit ball; L_A = ||mean_i z_i z_i'||_2 is the
    Lipschitz constant of the gradient for fixed codes.
    """
    L_A = np.linalg.norm(z.T @ z / len(z), ord=2)
    if L_A == 0:
        return 0.0
    moved = D - gradient(D, x, z) / L_A
    moved /= np.maximum(1, np.linalg.norm(moved, axis=0))
    return np.linalg.norm(moved - D) / np.linalg.norm(D)


def recovery(D, D_true):
    """Mean |cosine| of the true atoms with those of D, matched one to one; it
    is 0 for an atom that is zero."""
    norms = np.linalg.norm(D, axis=0)
    cosine = abs(D_true.T @ D) / np.outer(
        np.linalg.norm(D_true, axis=0), np.where(norms, norms, 1))
    return cosine[linear_sum_assignment(cosine, maximize=True)].mean()
