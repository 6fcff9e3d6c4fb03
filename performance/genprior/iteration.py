"""CPU time of an iteration per image: batches against our own loop.

OMP_NUM_THREADS=1 python performance/genprior/iteration.py [--n-iter 10]

The convolutional generator of MNIST, 128 latents, random weights: its time
does not depend on them. Compressed sensing at m/n = 0.3. GD and exact ADMM, on
a batch of 64 images and on one image alone, in turns; the least CPU
time of three turns counts. The reference is the code of arXiv:1907.03343, one
image at a time, measured on one core for the same generator.
"""
import argparse
import sys
import time

import numpy as np
import torch
from problems import load_objective, load_solver, with_images

BATCH, TURNS = 64, 3
REFERENCE_MS = {"GD": 13.4, "ADMM": 27.5}
BAR_LOOP, BAR_MS = 5, 1.6


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n-iter", type=int, default=10)
    n_iter = parser.parse_args().n_iter
    torch.set_num_threads(1)
    data = random_data()
    ms = {}
    for name in REFERENCE_MS:
        batch, alone = [np.inf], [np.inf]
        for _ in range(TURNS):
            batch.append(cpu_ms(name, data, BATCH, n_iter))
            alone.append(cpu_ms(name, data, 1, n_iter))
        ms[name], loop = min(batch), min(alone)
        print(f"{name}: {ms[name]:.2f} ms per image-iteration at batch "
              f"{BATCH}, {loop:.2f} ms alone")
        report("our own loop / batch", loop / ms[name], BAR_LOOP)
        report(f"bar of {BAR_MS} ms / ours", BAR_MS / ms[name], 1)
        report("reference / ours", REFERENCE_MS[name] / ms[name],
               REFERENCE_MS[name] / BAR_MS)
    report("GD / ADMM", ms["GD"] / ms["ADMM"], 0.95)
    floor = floor_ms(BATCH)
    print(f"floor: {floor:.2f} ms per image-iteration, GD's is "
          f"{ms['GD'] / floor:.2f} times as long")


def random_data():
    """Images of the generator, and the generator."""
    generators = sys.modules["benchmark_utils.generators"]
    torch.manual_seed(0)
    G = generators.convolutional((28, 28), 128, torch.nn.ELU)
    G.requires_grad_(False)
    images = G(torch.randn(BATCH, 128)).double().numpy()
    return {"G": G, "n_latent": 128, "shape": (28, 28),
            "images_train": images[:1], "images_test": images}


def cpu_ms(name, data, n_images, n_iter):
    """CPU ms per image and iteration, set-up left out."""
    objective = load_objective(
        with_images(data, data["images_test"][:n_images]),
        problem="compressed_sensing", level=0.3, n_restarts=1)
    solver, _ = load_solver(name, objective)
    seconds = []

    def cb():
        seconds.append(time.process_time())
        return len(seconds) <= n_iter

    solver.run(cb)
    # the first iteration decomposes A
    return 1e3 * (seconds[-1] - seconds[1]) / (n_iter - 1) / n_images


def floor_ms(n):
    """CPU ms per image of the products that n images need at once.

    They are those of `benchmark_utils.transposed`, from the latents to the
    pixels; the derivative needs as many. Each is the least of 20 repetitions,
    its arrays in the cache as far as they fit.
    """
    products = [
        ((n, 128), (128, 4096)),
        ((94, 16), (16, n * 256)), ((94, n, 256), (94, 256, 128)),
        ((49, 94), (94, n * 128)),
        ((181, 49), (49, n * 128)), ((181, n, 128), (181, 128, 64)),
        ((121, 181), (181, n * 64)), ((n, 64, 64), (n, 64, 121))]
    total = 0
    for left, right in products:
        a, b, seconds = torch.randn(left), torch.randn(right), []
        for _ in range(20):
            started = time.process_time()
            a @ b
            seconds.append(time.process_time() - started)
        total += min(seconds)
    return 2 * 1e3 * total / n


def report(what, ratio, bar):
    """Print a ratio and whether it reaches its bar."""
    print(f"  {what}: {ratio:.2f}, bar {bar:.2f} "
          + ("met" if ratio >= bar else "NOT MET"), flush=True)


if __name__ == "__main__":
    main()
