"""CPU time of training MNIST's generators, and how well they represent digits.

OMP_NUM_THREADS=1 python performance/genprior/training.py [--training vae wgan]
[--epochs 1 6] [--architecture conv]

Each is trained on 60000 digits, unless its weights are cached; the PSNR is
that of 20 held-out digits projected on its range by 300 iterations of Adam, of
three restarts the best. Half of the CPU time is what two cores take at best;
the bar is ten minutes.
"""
import argparse
import time

import torch
from problems import load_data, load_objective, load_solver

N_IMAGES, N_RESTARTS, N_ITER, BAR_S = 20, 3, 300, 600


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", nargs="+", default=["vae", "wgan"])
    parser.add_argument("--epochs", nargs="+", type=int, default=[1, 6])
    parser.add_argument("--architecture", default="conv")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for training, epochs in zip(
            options.training, options.epochs, strict=True):
        started = time.process_time()
        data = load_data(
            "MNIST", training=training, epochs=epochs, n_test=N_IMAGES,
            architecture=options.architecture)
        seconds = (time.process_time() - started) / 2
        objective = load_objective(
            data, problem="denoise_l2", level=0.0, n_restarts=N_RESTARTS)
        solver, _ = load_solver("Adam", objective)
        solver.run_once(N_ITER)
        metrics = objective.evaluate_result(**solver.get_result())
        print(f"{training}, {epochs} epochs: {seconds:.0f} s on two cores, "
              f"bar {BAR_S} {'met' if seconds <= BAR_S else 'NOT MET'}; "
              f"held-out digits at {metrics['psnr_db']:.1f} dB", flush=True)


if __name__ == "__main__":
    main()
