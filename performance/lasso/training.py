"""Held-out suboptimality of trained networks, and the CPU time of training.

python performance/lasso/training.py [--layers 10] [--data codes white digits]
    [--reg 0.1 0.8] [--networks Step-LISTA ...] [--train 1000]
    [--seeds 0 1 2 3 4]

So many training and 1000 test problems, one thread. The gain is ISTA's mean
suboptimality at equal depth over the network's; a row gives its median over
the seeds and its range, for the network as it is used and without safeguard.
Of the other columns it gives the median, but the worst sample of all seeds
and the number of samples of all seeds that end above F(0). The reference's
gain and training time (adopty, T=10, codes; CPU s on this class of machine)
stand beside it. With --train 10000, the matrices no longer overfit.
"""
import argparse
import time

import numpy as np
import pandas as pd
import problems

from unrolling.lasso import lasso_cost, solve_lasso
from unrolling.training import split

REFERENCE = {
    ("codes", 0.1, "Step-LISTA"): (2.75, 60, 6),
    ("codes", 0.8, "Step-LISTA"): (4e4, 60, 6),
    ("codes", 0.1, "Coupled-LISTA"): (2.05, 60, 20),
    ("codes", 0.1, "LISTA"): (1.55, 110, 12),
}
"""Gain and training CPU s of the reference, and the CPU s allowed here."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=10)
    parser.add_argument("--data", nargs="*",
                        default=["codes", "white", "digits"])
    parser.add_argument("--reg", nargs="*", type=float, default=[0.1, 0.8])
    parser.add_argument("--networks", nargs="*",
                        default=problems.learned_solvers())
    parser.add_argument("--train", type=int, default=1000)
    parser.add_argument("--seeds", nargs="*", type=int,
                        default=[0, 1, 2, 3, 4])
    arguments = parser.parse_args()
    problems.limit_threads(1)
    print("| data, reg | network | gain: median (range) | unguarded | "
          "reference | held out | train | validation | worst | above F(0) | "
          "CPU s |\n" + "| --- " * 11 + "|")
    with problems.empty_cache():  # so that all is trained
        for data in arguments.data:
            for reg in arguments.reg:
                for name in arguments.networks:
                    rows = pd.DataFrame([
                        measure(data, reg, name, arguments.layers,
                                arguments.train, seed)
                        for seed in arguments.seeds])
                    as_published = (arguments.layers, arguments.train) == (
                        10, 1000)
                    report(data, reg, name, rows, REFERENCE.get(
                        (data, reg, name)) if as_published else None)


def measure(data, reg, name, n_layers, n_train, seed):
    """Train one network; its figures by name."""
    objective = (
        problems.load_objective("Digits", reg, seed, n_train=n_train)
        if data == "digits" else problems.load_objective(
            "Simulated", reg, seed, signals=data, n_train=n_train,
            n_test=1000))
    solver = problems.load_solver(
        name, objective, seed=seed, max_layers=n_layers)
    start = time.process_time()
    solver.pre_run_hook(n_layers)
    cpu = time.process_time() - start
    solver.run(n_layers)
    result = solver.get_result()
    ours = objective.evaluate_result(**result)
    solver.trained.guarded = False
    unguarded = solver.trained(objective.x_test)
    ista = objective.evaluate_result(
        **problems.LASSO.run("ISTA", objective, n_layers))["suboptimality"]
    train, validation = training_suboptimality(objective, solver, result)
    return {
        "gain": ista / ours["suboptimality"],
        "unguarded": ista / objective.evaluate_result(unguarded)[
            "suboptimality"],
        "held out": ours["suboptimality"], "train": train,
        "validation": validation, "worst": ours["suboptimality_worst"],
        "above": above_start(objective, result["z"]), "cpu": cpu,
    }


def report(data, reg, name, rows, reference):
    """Print the row of a network, and whether it meets its bar."""
    median = rows.median()

    def spread(column):
        return (f"{median[column]:.3g} ({rows[column].min():.3g} to "
                f"{rows[column].max():.3g})")

    target, _, allowed = reference or ("-", None, None)
    met = "" if reference is None else (
        " bar met" if median["gain"] >= target
        and median["cpu"] <= allowed else " BAR NOT MET")
    print(f"| {data}, {reg} | {name} | {spread('gain')} | "
          f"{spread('unguarded')} | {target} | {median['held out']:.2e} | "
          f"{median['train']:.1e} | {median['validation']:.1e} | "
          f"{rows['worst'].max():.1e} | {rows['above'].sum()} | "
          f"{median['cpu']:.1f} |{met}", flush=True)


def training_suboptimality(objective, solver, result):
    """Of the training and of the validation samples, to their own optimum."""
    problem = objective.D, objective.x_train, objective.lmbd
    optimum = lasso_cost(solve_lasso(*problem, 1e-12).z, *problem)
    return [
        result["training"][loss] - optimum[rows.numpy()].mean()
        for loss, rows in zip(
            ["train_loss", "validation_loss"],
            split(len(optimum), 0.1, solver.seed), strict=True)
    ]


def above_start(objective, z):
    """Number of test samples whose F(z) is above F(0), NaN included."""
    problem = objective.D, objective.x_test, objective.lmbd
    start = lasso_cost(0 * z, *problem)
    return int(np.sum(~(lasso_cost(z, *problem) <= start * (1 + 1e-12))))


if __name__ == "__main__":
    main()
