"""Runs of benchmark_training for the measurements."""
from pathlib import Path

from unrolling.bench.testing import LoadedBenchmark

TRAINING = LoadedBenchmark(
    Path(__file__).parents[2] / "benchmark_training")


def load(data, n_steps, seed=0, n_restarts=1):
    """The objective on a data set."""
    return TRAINING.make_objective(
        TRAINING.make_dataset(data, seed), n_steps=n_steps,
        n_restarts=n_restarts)


def run(data, solver, n_steps, seed=0, **parameters):
    """The metrics of a solver after so many steps."""
    objective = load(data, n_steps, seed)
    made, reason = TRAINING.make_solver(solver, objective, seed, **parameters)
    if reason is not None:
        raise SystemExit(reason)
    made.run_once(n_steps)
    return objective.evaluate_result(**made.get_result())
