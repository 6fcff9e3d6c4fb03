"""The whole grid of the experiment on the simplex, in seconds.

[OMP_NUM_THREADS=1] python performance/layers/grid.py [--seeds 1]

Four gamma, the exact derivative and LPGD's three variants with four tau, each
with the best of eight steps from 0.01 to 30 by final training loss: 416
trainings of 100 full-batch steps on 200 samples. Bar: 30 s a seed on one core.
The best final losses are printed, by gamma and method, and the tau of each.
"""
import argparse
import time
from itertools import product
from pathlib import Path

import numpy as np

from unrolling.bench.testing import LoadedBenchmark

LAYERS = LoadedBenchmark(Path(__file__).parents[2] / "benchmark_layers")
GAMMAS, TAUS = (3.0, 1.0, 0.1, 0.01), (0.1, 1.0, 3.0, 10.0)
STEPS = 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0
METHODS = [("Implicit", {}), *(
    ("LPGD", {"variant": variant, "tau": tau})
    for variant, tau in product(("lower", "upper", "average"), TAUS))]
N_STEPS, BAR_S = 100, 30


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1)
    n_seeds = parser.parse_args().seeds
    losses, started = {}, (time.perf_counter(), time.process_time())
    for gamma, seed in product(GAMMAS, range(n_seeds)):
        objective = LAYERS.make_objective(LAYERS.make_dataset(
            "Simplex", seed, gamma=gamma), max_iter=N_STEPS)
        for method, options in METHODS:
            key = gamma, options.get("variant", method), options.get("tau")
            losses.setdefault(key, []).append(min(
                final_loss(objective, method, options, step)
                for step in STEPS))
    wall, cpu = (now - then for now, then in zip(
        (time.perf_counter(), time.process_time()), started, strict=True))
    for gamma in GAMMAS:
        print(f"gamma = {gamma:g}:", "; ".join(
            f"{name} {loss:.3g}{f' (tau = {tau:g})' if tau else ''}"
            for name, tau, loss in best(losses, gamma)))
    print(f"{len(METHODS) * len(GAMMAS) * len(STEPS)} trainings a seed: "
          f"{wall / n_seeds:.1f} s, {cpu / n_seeds:.1f} CPU s; bar {BAR_S} s")


def final_loss(objective, method, options, step):
    """The best training loss after N_STEPS."""
    solver, _ = LAYERS.make_solver(
        method, objective, step_size=step, **options)
    solver.run_once(N_STEPS)
    return objective.evaluate_result(**solver.get_result())["value"]


def best(losses, gamma):
    """Name, tau and mean loss over the seeds, with each method's best tau."""
    means = {key[1:]: np.mean(values) for key, values in losses.items()
             if key[0] == gamma}
    for name in dict.fromkeys(name for name, _ in means):
        tau = min((tau for of, tau in means if of == name),
                  key=lambda tau, name=name: means[name, tau])
        yield name, tau, means[name, tau]


if __name__ == "__main__":
    main()
