"""Held-out gaps of networks whose matrices train in one cycle, or in four.

python performance/lasso/cycles.py [--layers 2 5 10] [--seeds 0 1 2]

1000 training and 1000 test problems of codes and white samples, 10 x 20 and
64 x 256, one thread. The default of the Lasso's networks is one cycle of Adam
at a learning rate of 1e-3, with a weight decay; networks for TV regression
train in cycles at larger rates, see `TVNetwork.training`. A row gives, by
number of layers, the geometric mean over the seeds of the gap of the first
over that of the second (above 1, more training pays), each safeguarded, and
the CPU s of both.
"""
import argparse
import time

import numpy as np
import problems

from unrolling import LISTA, CoupledLISTA
from unrolling.tv.network import TVNetwork

SIZES = {"10 x 20": {"n_dim": 10, "n_atoms": 20}, "64 x 256": {}}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", nargs="*", type=int, default=[2, 5, 10])
    parser.add_argument("--seeds", nargs="*", type=int, default=[0, 1, 2])
    arguments = parser.parse_args()
    problems.limit_threads(1)
    print("| size | data, reg | network |"
          + "".join(f" T = {T} |" for T in arguments.layers)
          + " CPU s |\n" + "| --- " * (4 + len(arguments.layers)) + "|")
    for size, shape in SIZES.items():
        for data in ("codes", "white"):
            for reg in (0.1, 0.8):
                objectives = [problems.load_objective(
                    "Simulated", reg, seed, signals=data, n_train=1000,
                    n_test=1000, **shape) for seed in arguments.seeds]
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
    for options in ({}, TVNetwork.training):
        started = time.process_time()
        trained = [network(objective.D, objective.lmbd).fit(
            objective.x_train, T, **options) for T in depths]
        cpu_s.append(time.process_time() - started)
        gaps.append([objective.evaluate_result(one(objective.x_test))[
            "suboptimality"] for one in trained])
    return np.divide(*gaps), cpu_s


if __name__ == "__main__":
    main()
