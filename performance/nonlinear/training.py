"""CPU seconds of a training of LPGD with recurrent momentum, one core.

OMP_NUM_THREADS=1 python performance/nonlinear/training.py

Five layers of 16 channels. Deconvolution at a = 1: 1000 samples, 15 epochs.
EIT on 512 triangles: 500 samples, 10 epochs. Beside the networks stand ridge
regression and the training samples' mean, which sees no data: all errors are
those of the test samples.
"""
import os
import tempfile
import time

import benchopt.benchmark
import numpy as np
import torch
from problems import NONLINEAR, report

CASES = (
    ("Deconvolution", {"a": 1.0, "n_train": 1000}, {"epochs": 15}, 20),
    ("EIT", {"n_train": 500}, {"epochs": 10, "batch_size": 16}, 180))


def main():
    torch.set_num_threads(1)
    benchopt.benchmark._RUNNING_BENCHMARK = NONLINEAR.benchmark
    with tempfile.TemporaryDirectory() as cache:  # nothing is trained there
        os.environ["BENCHOPT_CACHE"] = cache
        measure()


def measure():
    """Train on each case, and print the seconds and the errors."""
    for name, data, options, bar in CASES:
        objective = NONLINEAR.make_objective(
            NONLINEAR.make_dataset(name, **data))
        print(f"{name}, {data}: the mean {error_of_mean(objective):.4f}, "
              f"ridge {error(objective, trained('Ridge', objective)):.4f}")
        for memory in ("none", "lstm"):
            started = time.process_time()
            solver = trained("LPGD", objective, memory=memory, **options)
            seconds = time.process_time() - started
            print(f"  memory={memory}: error {error(objective, solver):.4f}, "
                  f"{solver.info['n_parameters']} parameters")
            report("CPU s of the training", seconds, bar)


def trained(name, objective, **options):
    """A solver, trained."""
    solver, _ = NONLINEAR.make_solver(name, objective, **options)
    solver.pre_run_hook(5)
    return solver


def error(objective, solver):
    """The mean square error on the test samples."""
    solver.run(5)
    return objective.evaluate_result(**solver.get_result())["mse"]


def error_of_mean(objective):
    """The same of the training samples' mean in place of every x."""
    x = np.tile(objective.train.x.mean(axis=0), (len(objective.test.x), 1))
    return objective.evaluate_result(x)["mse"]


if __name__ == "__main__":
    main()
