"""Step sizes of `benchmark_training/benchmark_utils/tuned_training.py`.

[OMP_NUM_THREADS=1] python performance/training/tune.py [--method SGD ...]

Nine values are tried for each method and data set, for the split GAN three by
three with rho, on three seeds that no claim uses. Printed is the one with
the least mean value after 4000 steps (2000 of a GAN), and all means; a
run that diverges counts as infinite. An edge of the grid is marked.
"""
import argparse
from itertools import product

import numpy as np
from problems import TRAINING, load, run

SEEDS = 100, 101, 102
DATA = {"Toy-regression": 4000, "Digits": 4000, "Ring": 2000,
        "Digits-GAN": 2000}
STEPS = [0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2]
MOMENTUM_STEPS = [0.001, 0.003, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64]
ADAM_STEPS = [3e-4, 1e-3, 3e-3, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32]
GAN_STEPS = [3e-5, 1e-4, 3e-4, 6e-4, 1e-3, 2e-3, 4e-3, 0.01, 0.03]
GRIDS = {
    "SGD": {"step_size": STEPS},
    "Momentum": {"step_size": MOMENTUM_STEPS},
    "Adam": {"step_size": ADAM_STEPS},
    "ADMM[sgd]": {"inner": ["sgd"], "step_size": STEPS},
    "ADMM[adam]": {"inner": ["adam"], "step_size": ADAM_STEPS},
    "GAN": {"step_size": GAN_STEPS},
    "Split-GAN": {"rho": [1.0, 10.0, 100.0], "step_size": [3e-4, 1e-3, 3e-3]},
}
MOVED = {("Split-GAN", "Digits-GAN"): {
    "rho": [0.1, 1.0, 10.0], "step_size": [1e-4, 3e-4, 1e-3]}}
"""The grid where the best of the first one was at its edge."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", nargs="+", default=list(GRIDS))
    parser.add_argument("--data", nargs="+", default=list(DATA))
    arguments = parser.parse_args()
    for data, method in product(arguments.data, arguments.method):
        solver = TRAINING.get_class(method.split("[")[0])
        if load(data, 1).task.kind in solver.kinds:
            tune(solver, method, data, DATA[data])


def tune(solver, method, data, n_steps):
    """Try a method's grid on a data set; print the means of the values."""
    grid, means = MOVED.get((method, data), GRIDS[method]), {}
    for values in product(*grid.values()):
        means[values] = np.mean([
            run(data, solver, n_steps, seed,
                **dict(zip(grid, values, strict=True)))["value"]
            for seed in SEEDS])
    best = min(means, key=means.get)
    edge = [key for key, value in zip(grid, best, strict=True)
            if len(grid[key]) > 1 and value in (grid[key][0], grid[key][-1])]
    print(f"{method}, {data}: {as_text(best)}",
          f"(edge: {', '.join(edge)})" if edge else "")
    print("   ", "; ".join(f"{as_text(values)}: {mean:.4g}"
                           for values, mean in means.items()), flush=True)


def as_text(values):
    return "/".join(f"{v:g}" if isinstance(v, float) else v for v in values)


if __name__ == "__main__":
    main()
