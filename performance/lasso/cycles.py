"""Held-out gaps of networks whose matrices train in one cycle, or in four.

python performance/lasso/cycles.py [--sizes "64 x 256"] [--layers 2 5 10]
    [--seeds 0 1 2]

1000 training and 1000 test problems of codes and white samples, 10 x 20 and
64 x 256, one thread. The default of `fit` is four cycles of Adam, from a
learning rate of 0.03 on, without a weight decay; ONE_CYCLE is a short one at
1e-3 with a weight decay. A row gives, by number of layers, the geometric mean
over the seeds of the gap after one cycle over that after four (above 1, more
training pays), each safeguarded, and the CPU s of both.
"""
import argparse
import time

import numpy as np
import problems

from unrolling import LISTA, CoupledLISTA

ONE_CYCLE = {"cycles": 1, "learning_rate": 1e-3, "decay": 0.5, "epochs": 15,
             "patience": 3, "max_steps": 1_000_000}

SIZES = {"10 x 20": {"n_dim": 10, "n_atoms": 20}, "64 x 256": {}}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", choices=SIZES, default=SIZES)
    parser.add_argument("--layers", nargs="*", type=int, default=[2, 5, 10])
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2])
    arguments = parser.parse_args()
    problems.limit_threads(1)
    print("| size | data, reg | network |"
          + "".join(f" T = {T} |" for T in arguments.layers)
          + " CPU s |\n" + "| --- " * (4 + len(arguments.layers)) + "|")
    for size in arguments.sizes:
        for data in ("codes", "white"):
            for reg in (0.1, 0.8):
                objectives = [problems.load_objective(
                    "Simulated", reg, seed, signals=data, n_train=1000,
                    n_test=1000, **SIZES[size]) for seed in arguments.seeds]
                for network in (CoupledLISTA, LISTA):
                    gaps, cpu_s = zip(*(
                        compare(network, objective, arguments.layers)
                        for objective in objectives), strict=True)
                    ratios = np.exp(np.mean(np.log(gaps), axis=0))
                    print(f"| {size} | {data}, {reg} | {network.__name__} | "
                          + "".join(f"{ratio:.2f} | " for ratio in ratios)
                          + "{:.1f}, {:.1f} |".format(*np.mean(cpu_s, axis=0)),
                          flush=True)


def compare(network, objective, depths):
    """The ratio of the gaps for each depth, and the CPU s of both trainings.
    """
    gaps, cpu_s = [], []
    for options in (ONE_CYCLE, {}):
        started = time.process_time()
        trained = [network(objective.D, objective.lmbd).fit(
            objective.x_train, T, **options) for T in depths]
        cpu_s.append(time.process_time() - started)
        gaps.append([objective.evaluate_result(one(objective.x_test))[
            "suboptimality"] for one in trained])
    return np.divide(*gaps), cpu_s


if __name__ == "__main__":
    main()
