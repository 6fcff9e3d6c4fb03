"""Whether the latents' prior H(z) = mu/2 ||z||^2 helps reconstruction.

OMP_NUM_THREADS=1 python performance/genprior/latent_prior.py [--seeds 0 1 2]
[--levels 0.05 0.1 0.2 0.5] [--solver Adam ADMM]

Compressed sensing of held-out digits by the decoder of a variational
autoencoder, noise of 0.01 a measurement, two restarts, 500 iterations. A row
has the mean square of a pixel's error for each mu, mean over the seeds of
data, generator, measurements and starts, and in brackets how many of them are
below that of mu = 0.
"""
import argparse

import numpy as np
import torch
from problems import load_data, load_objective, load_solver

MUS = 0.0, 0.001, 0.01, 0.1
N_IMAGES, N_ITER = 50, 500


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--levels", nargs="+", type=float,
                        default=[0.05, 0.1, 0.2, 0.5])
    parser.add_argument("--solver", nargs="+", default=["Adam", "ADMM"])
    options = parser.parse_args()
    torch.set_num_threads(1)
    data = [load_data("Digits", seed, n_test=N_IMAGES)
            for seed in options.seeds]
    print("| m/n | method | mu = " + " | ".join(map(str, MUS)) + " |")
    for level in options.levels:
        for name in options.solver:
            errors = np.array([[reached(of, name, level, mu) for mu in MUS]
                               for of in data])
            better = (errors < errors[:, :1]).sum(axis=0)
            print(f"| {level:g} | {name} | " + " | ".join(
                f"{mean:.4f} ({n})" for mean, n in zip(
                    errors.mean(axis=0), better, strict=True)) + " |",
                flush=True)


def reached(data, name, level, mu):
    """The reconstruction error of a method."""
    objective = load_objective(
        data, problem="compressed_sensing", level=level, noise=0.01, mu=mu,
        n_restarts=2)
    solver, _ = load_solver(name, objective)
    solver.run_once(N_ITER)
    return objective.evaluate_result(
        **solver.get_result())["reconstruction_error"]


if __name__ == "__main__":
    main()
