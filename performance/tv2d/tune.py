"""One number of each method of `benchmark_tv2d`: its dual or its inner steps.

[OMP_NUM_THREADS=1] python performance/tv2d/tune.py [--data Simulated ...]

The penalty or dual step of ADMM, Chambolle-Pock and Condat-Vu is dual_step
lmbd; PGD and FISTA have n_inner steps in each prox. Nine values are tried for
each on training images, not on test images, with both kinds of total
variation. Given are the best values after 100 and 300 iterations, which are
1 + n_inner times fewer for PGD and FISTA, and the mean suboptimality, in units
of ADMM's best; the last lines are the geometric means over all problems. An
edge of the grid is marked.
"""
import argparse
from pathlib import Path

import numpy as np
from benchopt import BaseDataset

from unrolling.bench.testing import LoadedBenchmark

TV2D = LoadedBenchmark(Path(__file__).parents[2] / "benchmark_tv2d")
STEPS = [1.0, 3.0, 10.0, 20.0, 30.0, 60.0, 100.0, 300.0, 1000.0]
FIRST_STEPS = [0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0]
"""Of the accelerated method, whose dual step grows."""
INNER_STEPS = [1, 2, 3, 5, 7, 10, 15, 20, 50]
METHODS = {
    "ADMM": ({}, "dual_step", STEPS),
    "Chambolle-Pock": ({"accelerated": False}, "dual_step", STEPS),
    "Chambolle-Pock, accelerated": (
        {"accelerated": True}, "dual_step", FIRST_STEPS),
    "Condat-Vu": ({}, "dual_step", STEPS),
    "PGD": ({}, "n_inner", INNER_STEPS),
    "FISTA": ({"restart": False}, "n_inner", INNER_STEPS),
    "FISTA, restarted": ({"restart": True}, "n_inner", INNER_STEPS),
}
"""Parameters, and the one that is tuned, with its grid."""
DEPTHS = 100, 300
N_IMAGES = 5
DENOISING = {"blur": 0.0, "noise": 0.1}, 0.1
DEBLURRING = {"blur": 1.0, "noise": 0.02}, 0.002
PROBLEMS = {"Digits": [DENOISING], "Simulated": [DENOISING, DEBLURRING],
            "Photographs": [DENOISING, DEBLURRING]}
"""Data sets, and of each the parameters and lmbd."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", nargs="+", default=list(PROBLEMS))
    parser.add_argument("--method", nargs="+", default=list(METHODS))
    arguments = parser.parse_args()
    gaps = {name: [] for name in arguments.method}
    for data in arguments.data:
        for parameters, lmbd in PROBLEMS[data]:
            for tv in ("isotropic", "anisotropic"):
                objective = on_training_images(data, parameters, lmbd, tv)
                print(f"{data}, blur {parameters['blur']:g}, {tv}")
                unit = np.min(suboptimality("ADMM", objective), axis=0)
                for name in gaps:
                    found = suboptimality(name, objective)
                    if found is not None:
                        gaps[name].append(found / unit)
                        show(name, gaps[name][-1])
    print("geometric means")
    for name, found in gaps.items():
        show(name, np.exp(np.mean(np.log(found), axis=0)))


def on_training_images(data, parameters, lmbd, tv):
    """The objective, whose images to recover are a few of the training."""
    found = TV2D.make_dataset(data, **parameters).get_data()
    for name in ("x", "u"):
        found[f"{name}_test"] = found[f"{name}_train"][:N_IMAGES]

    class Training(BaseDataset):
        name = "Training"

        def get_data(self):
            return found

    return TV2D.make_objective(
        TV2D.make_dataset(Training), lmbd=lmbd, tv=tv)


def suboptimality(name, objective):
    """Of each value (rows) after each of DEPTHS; None where it is skipped."""
    parameters, tuned, grid = METHODS[name]
    gaps = np.zeros((len(grid), len(DEPTHS)))
    for i, value in enumerate(grid):
        solver, reason = TV2D.make_solver(
            name.split(",")[0], objective, **parameters | {tuned: value})
        if reason is not None:
            return None
        inner = value if tuned == "n_inner" else 0
        for j, n_iter in enumerate(DEPTHS):
            solver.run_once(max(1, n_iter // (1 + inner)))
            gaps[i, j] = objective.evaluate_result(
                **solver.get_result())["suboptimality"]
    return gaps.clip(1e-13)  # what rounding leaves of a difference of costs


def show(name, gaps):
    *_, grid = METHODS[name]
    best = gaps.argmin(axis=0)
    print(f"  {name}: " + ", ".join(
        f"{grid[i]:g}{' (edge)' * (i in (0, len(grid) - 1))}"
        for i in best))
    print("   ", "; ".join(
        f"{value:g}: {first:.3g} {last:.3g}"
        for value, (first, last) in zip(grid, gaps, strict=True)),
        flush=True)


if __name__ == "__main__":
    main()
