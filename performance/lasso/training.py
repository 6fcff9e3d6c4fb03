"""Held-out suboptimality of trained networks, and the CPU time of training.

python performance/lasso/training.py [--layers 10] [--data codes white digits]
    [--reg 0.1 0.8] [--networks Step-LISTA ...] [--train 1000]

So many training and 1000 test problems, one thread. ISTA's suboptimality at
equal depth over the network's is the gain; the reference's gain and training
time (adopty, T=10, codes; CPU s on this class of machine) stand beside it.
With --train 10000, the matrices no longer overfit.
"""
import argparse
import time

import numpy as np
import problems
import torch

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
    arguments = parser.parse_args()
    problems.limit_threads(1)
    print(f"{'data':7} {'reg':>4} {'network':16} {'ISTA':>8} {'median':>8} "
          f"{'mean':>8} {'worst':>8} {'>F(0)':>5} {'unguarded':>9} "
          f"{'>F(0)':>5} {'train':>8} "
          f"{'valid.':>8} {'gain':>8} {'ref.':>6} {'CPU s':>6} {'ref.':>5}")
    with problems.empty_cache():  # so that all is trained
        for data in arguments.data:
            for reg in arguments.reg:
                for name in arguments.networks:
                    measure(data, reg, name, arguments.layers,
                            arguments.train)


def measure(data, reg, name, n_layers, n_train):
    """Train one network and print its row."""
    objective = (
        problems.load_objective("Digits", reg, n_train=n_train)
        if data == "digits" else problems.load_objective(
            "Simulated", reg, signals=data, n_train=n_train, n_test=1000))
    solver = problems.load_solver(name, objective, max_layers=n_layers)
    start = time.process_time()
    solver.pre_run_hook(n_layers)
    cpu = time.process_time() - start
    solver.run(n_layers)
    result = solver.get_result()
    ours = objective.evaluate_result(**result)
    x_test = torch.as_tensor(objective.x_test)
    with torch.no_grad():
        z_unguarded = solver.trained.forward(x_test).numpy()
    unguarded = objective.evaluate_result(z_unguarded)
    ista = problems.load_solver("ISTA", objective)
    ista.run(iter([True] * n_layers + [False]).__next__)
    ista = objective.evaluate_result(**ista.get_result())

    train, validation = training_suboptimality(objective, solver, result)
    gain = ista["suboptimality"] / ours["suboptimality"]
    target, ref_cpu, allowed = REFERENCE.get(
        (data, reg, name), (None, None, None)
    ) if (n_layers, n_train) == (10, 1000) else (None, None, None)
    print(f"{data:7} {reg:4} {name:16} {ista['suboptimality']:8.2e} "
          f"{ours['suboptimality_median']:8.1e} {ours['suboptimality']:8.2e} "
          f"{ours['suboptimality_worst']:8.1e} "
          f"{above_start(objective, result['z']):5} "
          f"{unguarded['suboptimality']:9.1e} "
          f"{above_start(objective, z_unguarded):5} "
          f"{train:8.1e} {validation:8.1e} {gain:8.3g} "
          f"{target or '-':>6} {cpu:6.1f} {ref_cpu or '-':>5}"
          + ("" if target is None else "  bar met" if (
              gain >= target and cpu <= allowed) else "  BAR NOT MET"),
          flush=True)


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
