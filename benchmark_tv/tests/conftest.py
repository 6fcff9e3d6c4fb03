"""The benchmark's classes, loaded by benchopt, and small problems of them."""
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from unrolling.bench.testing import LoadedBenchmark
from unrolling.tv import best_constant, tv_cost

TV = LoadedBenchmark(Path(__file__).parents[1])
FEW = {"n_train": 60, "n_test": 12}
DATA = {
    # the number of test samples draws an A of condition 4.3 (others 4 to 35),
    # on which every method converges within its iterations
    "wide": ("Simulated", {"n_dim": 5, "n_times": 8, "n_test": 13}),
    "tall": ("Simulated", {"n_dim": 12, "n_times": 7, "signals": "sinus",
                           "noise": "laplace"}),
    "two times": ("Simulated", {"n_dim": 3, "n_times": 2}),
    "identity": ("Denoising", {"n_times": 12}),
    "blur": ("Deconvolution", {"n_times": 16, "n_taps": 4}),
}
N_ITER = {
    # each sweep wakes up numba's threads: ms where cores are busy
    "Synthesis-CD": 500,
    "Condat-Vu": 20_000, "Chambolle-Pock": 20_000,
    "Chambolle-Pock-split": 20_000, "Synthesis-FISTA": 20_000,
}
"""Iterations of a run to the end, where they are not 4000."""
pytest_generate_tests = TV.parametrize
benchmark, weights_folder = TV.fixtures()


@cache
def make_objective(data="wide", reg=0.3, seed=0, data_fit="quad", **extra):
    """The objective on a small problem, shared by the tests."""
    name, parameters = DATA[data]
    return TV.make_objective(
        TV.make_dataset(name, seed, **FEW | parameters),
        reg=reg, data_fit=data_fit, **extra)


def run_to_the_end(solver_class, objective):
    """The result of a classical solver, run for long enough; the test is
    skipped, with the reason, if the solver is."""
    solver, reason = TV.make_solver(solver_class, objective)
    if reason is not None:
        pytest.skip(reason)
    stop_val = {"callback": N_ITER.get(solver_class.name, 4000),
                "tolerance": 1e-12, "run_once": 1}[solver._solver_strategy]
    return TV.run(solver_class, objective, stop_val)


def optimum(A, x, lmbd):
    """min P_x for one x, by trying every sequence of signs of the jumps.

    For given signs s of the jumps, zero for none, the least squares problem
    in the levels of the segments with the linear penalty s'nabla u has its
    minimum in closed form. Its point costs no less than the minimum of P, and
    exactly that where s are the signs of a solution.
    """
    n_times, best = A.shape[1], np.inf
    for signs in product((-1, 0, 1), repeat=n_times - 1):
        segment = np.concatenate([[0], np.cumsum(np.abs(signs))]).astype(int)
        E = np.eye(segment[-1] + 1)[segment]
        slope = lmbd * np.diff(E, axis=0).T @ signs
        B = A @ E
        levels = np.linalg.pinv(B.T @ B) @ (B.T @ x - slope)
        u = E @ levels
        cost = 0.5 * sum((x - A @ u) ** 2) + lmbd * sum(abs(np.diff(u)))
        best = min(best, cost)
    return best


def start(objective):
    """What all methods start from: the best constant of each sample, or the
    least squares signal of least norm."""
    if objective.init == "least-squares":
        return np.linalg.lstsq(objective.A, objective.x_test.T)[0].T
    c = best_constant(objective.A, objective.x_test, objective.delta_test)
    return np.repeat(c[:, None], objective.A.shape[1], axis=1)


def excess(solver_class, objective, n_iter, **parameters):
    """P - P* of each sample, after so many iterations."""
    u = TV.run(solver_class, objective, n_iter, **parameters)["u"]
    return tv_cost(u, *objective.problem) - objective.reference.cost


@pytest.fixture
def suite():
    """What the tests use, with the functions above."""
    return TV.suite(
        make_objective=make_objective, run_to_the_end=run_to_the_end,
        optimum=optimum, start=start, excess=excess,
        template=TV.load_file(TV.folder / "solvers" / "template_solver.py"),
        plots={plot._get_name(): plot for plot in TV.plots})


@pytest.fixture
def raw():
    """Data that need scaling, with signals: x = A u + noise."""
    rng = np.random.default_rng(0)
    A = rng.standard_normal((6, 9)) * rng.uniform(0.1, 10, 9)
    u = np.cumsum(
        rng.standard_normal((15, 9)) * (rng.random((15, 9)) < 0.4), axis=1)
    x = u @ A.T + rng.standard_normal((15, 6))
    return {"A": A, "x_train": x[:10], "x_test": x[10:],
            "u_train": u[:10], "u_test": u[10:]}


@pytest.fixture
def objective(benchmark):
    """An objective without data."""
    return benchmark.get_benchmark_objective().get_instance(reg=0.3)


@pytest.fixture
def refusal(suite):
    """The reason that the objective gives for skipping a data set."""
    def reason_for(name, **parameters):
        objective = type(suite.make_objective()).get_instance(reg=0.5)
        skip, reason = objective._set_dataset(
            suite.make_dataset(name, **parameters))
        assert skip
        return reason
    return reason_for
