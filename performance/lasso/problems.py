"""Problems and solvers of benchmark_lasso for the measurements."""
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numba
import threadpoolctl
import torch

from unrolling.bench.testing import LoadedBenchmark

LASSO = LoadedBenchmark(Path(__file__).parents[2] / "benchmark_lasso")


def load_objective(data, reg, seed=0, **parameters):
    """The objective with its data set (by name, case-sensitive) in place."""
    return LASSO.make_objective(
        LASSO.make_dataset(data, seed, **parameters), reg=reg)


def load_solver(name, objective, **parameters):
    """A solver of the benchmark, with the objective set."""
    solver, reason = LASSO.make_solver(name, objective, **parameters)
    if reason is not None:
        raise SystemExit(reason)
    return solver


def learned_solvers():
    """Names of the benchmark's learned solvers."""
    return sorted(c.name for c in LASSO.kinds["learned_class"])


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
