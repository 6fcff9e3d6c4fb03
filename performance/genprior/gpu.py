"""Iterations of 256 images times 4 restarts: CPU against CUDA, and memory.

python performance/genprior/gpu.py [--images 256] [--n-iter 10] [--methods
GD ADMM Gauss-Newton] [--devices cpu cuda]

The convolutional generator of MNIST, 128 latents, random weights; compressed
sensing at m/n = 0.3. It prints milliseconds per image-iteration, and the most
memory that the process (CPU) or the allocator (CUDA) had. Each method runs in
a process of its own, since the most memory of a process only grows. An
iteration of Gauss-Newton takes about two minutes on one core of a CPU.
"""
import argparse
import resource
import subprocess
import sys
import time

import numpy as np
import torch
from iteration import random_data, report
from problems import load_objective, load_solver, with_images

N_RESTARTS, BAR_GIB = 4, 2


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=256)
    parser.add_argument("--n-iter", type=int, default=10)
    parser.add_argument("--methods", nargs="+", default=["GD", "ADMM"])
    parser.add_argument(
        "--devices", nargs="+",
        default=["cpu"] + ["cuda"] * torch.cuda.is_available())
    options = parser.parse_args()
    each = [(method, device) for method in options.methods
            for device in options.devices]
    if len(each) == 1:
        measure(*each[0], options.images, options.n_iter)
        return
    for method, device in each:
        subprocess.run(
            [sys.executable, __file__, "--methods", method, "--devices",
             device, "--images", str(options.images),
             "--n-iter", str(options.n_iter)], check=True)


def measure(method, device, n_images, n_iter):
    """Print the time and memory of a method on a device."""
    data = random_data()
    images = np.resize(data["images_test"], (
        n_images, data["images_test"].shape[1]))
    objective = load_objective(
        with_images(data, images), problem="compressed_sensing", level=0.3,
        n_restarts=N_RESTARTS)
    solver, reason = load_solver(method, objective, device=device)
    if reason is not None:
        raise SystemExit(reason)
    seconds = []

    def cb():
        seconds.append(time.perf_counter())
        return len(seconds) <= n_iter

    solver.run(cb)
    rows = n_images * N_RESTARTS
    gib = (torch.cuda.max_memory_allocated() / 2**30 if device == "cuda"
           else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
    # the first iteration allocates
    print(f"{method} on {device}: "
          f"{1e3 * (seconds[-1] - seconds[1]) / (n_iter - 1) / rows:.4f} ms "
          f"per image-iteration, {gib:.2f} GiB")
    report(f"bar of {BAR_GIB} GiB / ours", BAR_GIB / gib, 1)


if __name__ == "__main__":
    main()
