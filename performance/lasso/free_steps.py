"""Learned steps against steps that are free or tuned, at equal products.

`python -m performance.lasso.free_steps [seed ...]` prints, for the problem
64 x 256 with T = 10 iterations or layers, or the sweeps of coordinate descent
that cost no more, how many times lower than ISTA's the mean held-out gap is,
the median gap, and the CPU seconds of tuning or training on 1000 problems.
Bar: a network whose mean and median are below those of SpaRSA, of ADMM and of
coordinate descent on all four problems, trained in at most 10 CPU seconds;
medians below 1e-13 are equal up to rounding.
"""
import sys
import time
from pathlib import Path

import numpy as np

from unrolling.bench.testing import LoadedBenchmark
from unrolling.lasso import lasso_cost

LASSO = LoadedBenchmark(Path(__file__).parents[2] / "benchmark_lasso")
T, MAX_SWEEPS, ROUNDING = 10, 60, 1e-13
FREE = ["SpaRSA", "ADMM"]
NETWORKS = ["Tuned-ISTA", "Silver-ISTA", "Chebyshev-ISTA", "Tuned-ADMM",
            "Step-LISTA", "Learned-FISTA", "BB-LISTA", "Step-ADMM"]


def compare(signals, reg, seed):
    """Yield a solver's name, its gaps (n_samples,) and its CPU seconds."""
    data = LASSO.make_dataset("Simulated", seed, signals=signals,
                              n_train=1000, n_test=1000)
    objective = LASSO.make_objective(data, reg=reg)
    problem = objective.D, objective.x_test, objective.lmbd

    def gaps(z):
        return np.maximum(lasso_cost(z, *problem) - objective.optimum, 0)

    def network(name):
        return LASSO.get_class(name).network(objective.D, objective.lmbd)

    untrained = network("Step-LISTA").grow(T)
    yield "ISTA", gaps(untrained(objective.x_test)), 0.0
    for name in FREE:
        yield name, gaps(LASSO.run(name, objective, T)["z"]), 0.0
    yield "CD", gaps(coordinate_descent(objective)), 0.0
    for name in NETWORKS:
        started = time.process_time()
        trained = network(name).fit(objective.x_train, T)
        seconds = time.process_time() - started
        yield name, gaps(trained(objective.x_test)), seconds


def coordinate_descent(objective):
    """The last iterate of CD that costs no more than T layers, or that of
    MAX_SWEEPS, where it has converged."""
    z = LASSO.run("CD", objective, 0)["z"]
    for n_sweeps in range(1, MAX_SWEEPS + 1):
        result = LASSO.run("CD", objective, n_sweeps)
        if result["products"] > 2 * T:
            break
        z = result["z"]
    return z


def main(seeds):
    """Print one table for each problem, the seeds side by side."""
    for signals in ("codes", "white"):
        for reg in (0.1, 0.8):
            runs = [list(compare(signals, reg, seed)) for seed in seeds]
            print(f"\n{signals}, reg {reg}: gain over ISTA; median gap; CPU s")
            for solver in zip(*runs, strict=True):
                gains = [run[0][1].mean() / max(one[1].mean(), ROUNDING)
                         for run, one in zip(runs, solver, strict=True)]
                print(f"{solver[0][0]:15}", *(
                    f"{gain:9.3g}" for gain in gains), " ", *(
                    f"{max(np.median(one[1]), ROUNDING):8.1e}"
                    for one in solver), " ", *(
                    f"{one[2]:5.1f}" for one in solver), flush=True)


if __name__ == "__main__":
    main([int(seed) for seed in sys.argv[1:]] or [0, 1, 2])
