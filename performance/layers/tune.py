"""Steps of `benchmark_layers/benchmark_utils/tuned_layers.py`.

[OMP_NUM_THREADS=1] python performance/layers/tune.py [--problem Simplex]

On each problem and with each optimiser all methods try the steps of one grid
of 32: a method without a hyperparameter all of them; one that has one every
fourth, for each of its four values, and then those around the best. What
counts is the mean over two seeds, on which nothing else is run, of the best
training loss after as many outer steps as the configurations have. The table
keeps the best step of each hyperparameter; the best hyperparameter is first.
An edge of the grid is printed.
"""
import argparse
import functools
import runpy
from itertools import product
from pathlib import Path

import numpy as np

from unrolling.bench.testing import LoadedBenchmark
from unrolling.files import write_whole

LAYERS = LoadedBenchmark(Path(__file__).parents[2] / "benchmark_layers")
TABLE = LAYERS.folder / "benchmark_utils" / "tuned_layers.py"
HEADER = '''"""Tuned steps, see `benchmark_utils.layer_steps`.

performance/layers/tune.py writes this file.
"""

TUNED = {
'''
FOOTER = '''}
"""(problem, optimiser) -> method -> hyperparameter, or None, -> step; the best
hyperparameter is first."""
'''
BREAK = "\n" + 12 * " "
SEEDS = 100, 101
PROBLEMS = [
    *(("Simplex", {"gamma": gamma}, 100) for gamma in (3.0, 1.0, 0.1, 0.01)),
    ("Simplex", {"gamma": 1.0, "regularizer": "entropy"}, 100),
    *(("Ranking", {"gamma": gamma}, 100) for gamma in (1.0, 0.01)),
    ("Portfolio", {}, 50),
    *(("Weighted-l1", {"weight": weight}, 50) for weight in (2.0, 0.4, 0.05)),
]
"""Data set, its parameters, outer steps."""
HYPERS = {"tau": [0.03, 0.3, 1.0, 3.0], "sigma": [0.03, 0.3, 1.0, 3.0],
          "n_iter": [5, 10, 20, 40]}
METHODS = [
    *((name, {}) for name in ("Implicit", "Fenchel-Young", "SPO-plus",
                              "Unrolled", "Random-smoothing")),
    *(("LPGD", {"variant": variant})
      for variant in ("lower", "upper", "average")),
    ("LPGD", {"variant": "lower", "rho": 1.0}),
]
RANGES = {"gd": (0.06, 600.0), "adam": (0.003, 3.0)}
N_STEPS, COARSE = 32, 4


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problem", default="", help="how its name starts")
    parser.add_argument("--optimizer", nargs="+", default=list(RANGES))
    parser.add_argument("--method", nargs="+", default=[""],
                        help="how its label starts, as in the table")
    asked = parser.parse_args()
    for optimizer, (name, parameters, n_steps) in product(
            asked.optimizer, PROBLEMS):
        objectives = [LAYERS.make_objective(LAYERS.make_dataset(
            name, seed, **parameters), max_iter=n_steps) for seed in SEEDS]
        if objectives[0].problem.startswith(asked.problem):
            for method, options in METHODS:
                options = options | {"optimizer": optimizer}
                if label(method, options).startswith(tuple(asked.method)):
                    tune(method, options, objectives, n_steps)


def label(method, options):
    """A method's name in the table."""
    return LAYERS.get_class(method).get_instance(**options).label()


def tune(method, options, objectives, n_steps):
    """Try a method's grid on a problem; put the best into the table."""
    kind = LAYERS.get_class(method)
    hypers = HYPERS.get(kind.hyper, [None])
    steps = [float(f"{step:.3g}") for step in np.geomspace(
        *RANGES[options["optimizer"]], N_STEPS)]
    best = {}
    for hyper in hypers:
        given = options | ({} if hyper is None else {kind.hyper: hyper})

        @functools.cache
        def loss(at, given=given):
            return final_loss(method, objectives, n_steps, given | {
                "step_size": steps[at]})

        if loss(0) is None:
            return
        at = best_index(loss, 1 if hyper is None else COARSE)
        best[hyper] = loss(at), steps[at], at in (0, N_STEPS - 1)
    problem = objectives[0].problem, options["optimizer"]
    print(*problem, label(method, options), "|", "; ".join(
        f"{kind.hyper}={hyper}: step {step:g}, loss {loss:.4g}"
        f"{' (edge)' if edge else ''}"
        for hyper, (loss, step, edge) in best.items()), flush=True)
    put(problem, label(method, options), {
        hyper: best[hyper][1] for hyper in sorted(best, key=best.get)})


def best_index(loss, stride):
    """The index of the least loss: of every stride-th, then around it."""
    at = min(range(0, N_STEPS, stride), key=loss)
    around = range(max(0, at - stride + 1), min(N_STEPS, at + stride))
    return min(around, key=loss)


def final_loss(method, objectives, n_steps, given):
    """The mean training loss at the end, or None if the method is skipped."""
    losses = []
    for objective in objectives:
        solver, reason = LAYERS.make_solver(method, objective, **given)
        if reason is not None:
            return None
        solver.run_once(n_steps)
        losses.append(objective.evaluate_result(
            **solver.get_result())["value"])
    return np.mean(losses)


def put(problem, method, steps):
    """Replace an entry of the table; lines are in a fixed order."""
    table = runpy.run_path(str(TABLE))["TUNED"]
    table.setdefault(problem, {})[method] = steps
    lines = []
    for key in sorted(table):
        lines += [f'    ("{key[0]}", "{key[1]}"): {{', *(
            f'        "{name}":{" " if len(name + str(steps)) < 66 else BREAK}'
            f"{steps}," for name, steps in sorted(table[key].items())),
            "    },"]
    write_whole(TABLE, "\n".join([HEADER + lines[0], *lines[1:], FOOTER]
                                 ).encode())


if __name__ == "__main__":
    main()
