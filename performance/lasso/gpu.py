"""From how many problems on is a GPU faster than the CPU's cores?

python performance/lasso/gpu.py [--samples 100 1000 10000 100000]
    [--train 1000 10000]

100 iterations of FISTA and a pass of 10-layer networks (guarded), n_dim=64,
n_atoms=256, float64 and float32, on the CPU with all its cores and on CUDA,
taking turns, synchronised before each reading of the clock; moving the samples
to the GPU and the result back is inside it. Then training of the networks, in
float64, on as many samples, once on each. Without a GPU only the CPU is
measured, and the script says so.
"""
import argparse
import time
from itertools import islice, product

import numpy as np
import torch
from gaussian import make_problems
from problems import LASSO

from unrolling import duality_gap
from unrolling.device import synchronize, to_numpy

REG = 0.1
NETWORKS = ["Step-LISTA", "LISTA"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, nargs="*",
                        default=[100, 1000, 10_000, 100_000])
    parser.add_argument("--train", type=int, nargs="*",
                        default=[1000, 10_000])
    options = parser.parse_args()
    samples = options.samples
    devices = ["cpu"]
    if torch.cuda.is_available():
        devices.append("cuda")
        print(f"{torch.cuda.get_device_name()} against "
              f"{torch.get_num_threads()} CPU threads")
    else:
        print("torch sees no GPU: the CPU only")
    D, x = make_problems(max(samples + options.train), 64, 256)
    for dtype in (torch.float64, torch.float32):
        for name in ["FISTA", *NETWORKS]:
            run = fista if name == "FISTA" else network(name, D)
            faster = []
            for n_samples in samples:
                seconds = measure(run, devices, dtype, D, x[:n_samples])
                print(f"{name:10} {str(dtype)[6:]} {n_samples:6} problems: "
                      + ", ".join(f"{device} {s:.4f} s"
                                  for device, s in seconds.items()),
                      flush=True)
                if seconds.get("cuda", np.inf) < seconds["cpu"]:
                    faster.append(n_samples)
            if len(devices) > 1:
                print(f"{name:10} {str(dtype)[6:]}: the GPU wins from "
                      f"{min(faster, default='no measured size')} on")
    for name, n_train in product(NETWORKS, options.train):
        for device in devices:
            print(f"{name:10} trained on {n_train:6} problems, {device}: "
                  + training(name, device, D, x[:n_train]), flush=True)


def training(name, device, D, x):
    """Train the 10 layers of a network there; say how long it took, and the
    mean duality gap of the training samples."""
    network = LASSO.get_class(name).network(D, REG).to(device=device)
    start = time.perf_counter()
    network.fit(x, n_layers=10)
    synchronize(device)
    seconds = time.perf_counter() - start
    z = to_numpy(network(torch.as_tensor(x, device=device)))
    return f"{seconds:.1f} s, gap {duality_gap(z, D, x, REG).mean():.3e}"


def fista(device, dtype, D, x, n_iter=100):
    """Iterations without restart, which all batches need as many of."""
    solver = LASSO.get_class("FISTA").get_instance(
        restart=False, backend="torch", device=device)
    D, x = (torch.as_tensor(v, dtype=dtype, device=device) for v in (D, x))
    return next(islice(solver.iterates(D, x, REG), n_iter, None))


def network(name, D):
    """A function that runs the untrained network of a solver, 10 layers."""
    untrained = LASSO.get_class(name).network(D, REG).grow(10)

    def run(device, dtype, D, x):
        placed = untrained.to(device=device, dtype=dtype)
        return placed(torch.as_tensor(x, dtype=dtype, device=device))

    return run


def measure(run, devices, dtype, D, x, repeats=5):
    """Device -> the least seconds of several calls, the first not counted."""
    seconds = dict.fromkeys(devices, np.inf)
    for repeat in range(repeats + 1):
        for device in devices:
            synchronize(device)
            start = time.perf_counter()
            to_numpy(run(device, dtype, D, x))
            elapsed = time.perf_counter() - start
            if repeat:
                seconds[device] = min(seconds[device], elapsed)
    return seconds


if __name__ == "__main__":
    main()
