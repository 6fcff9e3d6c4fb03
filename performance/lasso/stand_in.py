"""What the stand-in for the published training leaves out of L3 and L4.

python performance/lasso/stand_in.py [--layers 5 10] [--reg 0.8]
    [--budgets 1000,300 10000,300 1000,3000] [--seeds 0]

The claims train on 1000 samples by 300 steps of gradient descent, where P.
Ablin et al. (NeurIPS 2019, arXiv:1905.11071) have 10^4 and 3000. A row gives,
for a budget of samples and steps, the mean suboptimality of both networks, as
published and not safeguarded, on the samples that train and on 1000 held-out
ones, that of ISTA at equal depth, and the CPU s of both trainings; codes, 64 x
256, one thread. A budget may give 10000,3000: an hour for ten layers.
"""
import argparse
import time
from itertools import product

import problems

from unrolling import CoupledLISTA, StepLISTA
from unrolling.lasso import lasso_cost, solve_lasso

NETWORKS = StepLISTA, CoupledLISTA


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", nargs="*", type=int, default=[5, 10])
    parser.add_argument("--reg", nargs="*", type=float, default=[0.8])
    parser.add_argument("--budgets", nargs="*", type=budget, default=[
        (1000, 300), (10_000, 300), (1000, 3000)])
    parser.add_argument("--seeds", nargs="*", type=int, default=[0])
    arguments = parser.parse_args()
    problems.limit_threads(1)
    print("| seed, reg, T | samples, steps | ISTA |" + "".join(
        f" {network.__name__}: train | held out |" for network in NETWORKS)
        + " CPU s |\n" + "| --- " * (4 + 2 * len(NETWORKS)) + "|")
    for seed, reg, T, (n_train, n_steps) in product(
            arguments.seeds, arguments.reg, arguments.layers,
            arguments.budgets):
        objective = problems.load_objective(
            "Simulated", reg, seed, signals="codes", n_train=n_train,
            n_test=1000)
        gaps, cpu_s = compare(objective, T, n_steps)
        print(f"| {seed}, {reg}, {T} | {n_train}, {n_steps} | "
              + "".join(f"{gap:.2e} | " for gap in gaps)
              + f"{cpu_s:.0f} |", flush=True)


def budget(text):
    """Samples and steps, of "1000,300"."""
    n_train, n_steps = map(int, text.split(","))
    return n_train, n_steps


def compare(objective, T, n_steps):
    """Suboptimalities, of ISTA and of each network, and the CPU s."""
    problem = objective.D, objective.lmbd
    x_train, x_test = objective.x_train, objective.x_test
    gaps = [suboptimality(StepLISTA(*problem).grow(T), x_test)]
    cpu_s = 0.0
    for network in NETWORKS:
        started = time.process_time()
        trained = network(*problem).fit(
            x_train, T, descent_steps=n_steps, layerwise=False, guarded=False)
        cpu_s += time.process_time() - started
        gaps += [suboptimality(trained, x) for x in (x_train, x_test)]
    return gaps, cpu_s


def suboptimality(network, x):
    """The mean of F(z) - F* of a network's outputs."""
    problem = network.D.numpy(), x, network.lmbd
    optimum = lasso_cost(solve_lasso(*problem, tol=1e-12).z, *problem)
    return (lasso_cost(network(x), *problem) - optimum).mean()


if __name__ == "__main__":
    main()
