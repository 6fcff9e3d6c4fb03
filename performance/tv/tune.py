"""The penalty of `benchmark_tv`'s ADMM, and the ratio of primal-dual steps.

[OMP_NUM_THREADS=1] python performance/tv/tune.py [--method ADMM ...]

The penalty of ADMM is rho lmbd ||D||^2, with D the columns of the Lasso of
the jumps: the unit in which one value suits all problems. Steps of primal-dual
methods are in the unit of L. Values are tried on a grid, on training samples.
Given are the best values after each of DEPTHS iterations, and the mean
suboptimality over the best of ADMM's with a fixed penalty; the last lines are
geometric means over all problems, and the worst of them. An edge of the grid
is marked.
"""
import argparse
from pathlib import Path

import numpy as np
from benchopt import BaseDataset

from unrolling.bench.testing import LoadedBenchmark

TV = LoadedBenchmark(Path(__file__).parents[2] / "benchmark_tv")
GRID = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]
METHODS = {
    "ADMM": ("rho", {"adaptive": False}),
    "ADMM, adaptive": ("rho", {"adaptive": True}),
    "Condat-Vu": ("ratio", {}),
    "Chambolle-Pock": ("ratio", {}),
    "Chambolle-Pock-split": ("ratio", {}),
}
"""What is tuned, and the other parameters."""
DEPTHS = 5, 20, 100
REGS = 0.1, 0.5, 0.8
N_SAMPLES = 100
PROBLEMS = {
    "5 x 8": ("Simulated", {"n_dim": 5, "n_times": 8}),
    "40 x 40": ("Simulated", {"n_dim": 40, "n_times": 40}),
    "400 x 250": ("Simulated", {"n_dim": 400, "n_times": 250}),
    "denoising": ("Denoising", {}),
    "deconvolution": ("Deconvolution", {}),
    "fMRI": ("fMRILike", {}),
}
LEAST = 1e-13
"""What rounding leaves of a difference of costs."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", nargs="+", default=list(METHODS))
    parser.add_argument("--problem", nargs="+", default=list(PROBLEMS))
    arguments = parser.parse_args()
    found = {}
    for problem in arguments.problem:
        for reg in REGS:
            objective = on_training_samples(*PROBLEMS[problem], reg)
            print(f"{problem}, reg {reg:g}")
            unit = suboptimality("ADMM", objective).min(axis=0)
            for method in arguments.method:
                gaps = suboptimality(method, objective) / unit
                found.setdefault(method, []).append(gaps)
                show(method, gaps)
    for label, summary in (("geometric means", geometric_mean),
                           ("worst", lambda gaps: np.max(gaps, axis=0))):
        print(label)
        for name, gaps in found.items():
            show(name, summary(gaps))


def geometric_mean(gaps):
    return np.exp(np.mean(np.log(gaps), axis=0))


def on_training_samples(data, parameters, reg):
    """The objective, whose samples to recover are of the training."""
    drawn = TV.make_dataset(data, **parameters, n_train=N_SAMPLES).get_data()
    for name in ("x", "u"):
        drawn[f"{name}_test"] = drawn[f"{name}_train"]

    class Training(BaseDataset):
        name = "Training"

        def get_data(self):
            return drawn

    return TV.make_objective(TV.make_dataset(Training), reg=reg)


def suboptimality(method, objective):
    """Of each value (rows) after each of DEPTHS."""
    tuned, parameters = METHODS[method]
    gaps = np.zeros((len(GRID), len(DEPTHS)))
    for i, value in enumerate(GRID):
        solver, reason = TV.make_solver(
            method.split(",")[0], objective, **parameters,
            **{tuned: value})
        if reason is not None:
            raise ValueError(reason)
        for j, n_iter in enumerate(DEPTHS):
            solver.run_once(n_iter)
            gaps[i, j] = objective.evaluate_result(
                **solver.get_result())["suboptimality"]
    return gaps.clip(LEAST)


def show(name, gaps):
    best = gaps.argmin(axis=0)
    print(f"  {name}: " + ", ".join(
        f"{GRID[i]:g}{' (edge)' * (i in (0, len(GRID) - 1))}" for i in best))
    print("   ", "; ".join(
        f"{value:g}: " + " ".join(f"{gap:.3g}" for gap in row)
        for value, row in zip(GRID, gaps, strict=True)), flush=True)


if __name__ == "__main__":
    main()
