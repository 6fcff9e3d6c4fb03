"""Problems and solvers of benchmark_lasso for the measurements."""
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numba
import threadpoolctl
import torch
from benchopt.benchmark import Benchmark
from benchopt.utils.run_context import RunContext

from unrolling.bench.solver import UnrolledSolver

BENCHMARK = Benchmark(Path(__file__).parents[2] / "benchmark_lasso")


def load_objective(data, reg, **parameters):
    """The objective with its data set (by name, case-sensitive) in place."""
    dataset = next(d for d in BENCHMARK.get_datasets() if d.name == data)
    dataset = dataset.get_instance(**parameters)
    objective = BENCHMARK.get_benchmark_objective().get_instance(reg=reg)
    RunContext().set_run_context(objective, dataset, "none", 0, 0)
    skip, reason = objective._set_dataset(dataset)
    if skip:
        raise SystemExit(reason)
    return objective


def load_solver(name, objective, **parameters):
    """A solver of the benchmark, with the objective set."""
    solver = next(s for s in BENCHMARK.get_solvers() if s.name == name)
    solver = solver.get_instance(**parameters)
    RunContext().set_run_context(objective, objective._dataset, solver, 0, 0)
    skip, reason = solver._set_objective(objective)
    if skip:
        raise SystemExit(reason)
    return solver


def learned_solvers():
    """Names of the benchmark's learned solvers."""
    return sorted(s.name for s in BENCHMARK.get_solvers()
                  if issubclass(s, UnrolledSolver))


def limit_threads(n_threads):
    """Limit BLAS, torch and numba to so many threads from here on."""
    threadpoolctl.threadpool_limits(n_threads)
    torch.set_num_threads(n_threads)
    numba.set_num_threads(n_threads)


@contextmanager
def empty_cache():
    """An empty cache folder for benchopt and its subprocesses: all runs."""
    with tempfile.TemporaryDirectory() as folder:
        with patch.dict(os.environ, BENCHOPT_CACHE=folder):
            yield
