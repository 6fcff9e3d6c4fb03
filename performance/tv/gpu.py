"""From which size on is a GPU faster than the CPU's cores at TV?

python performance/tv/gpu.py [--samples 100 1000 10000]

The prox of 1-D TV and its backward pass on signals of 250 and 10000 times, and
100 iterations of accelerated PGD with it (250 unknowns, 400 measurements), in
float64, on the CPU with all its cores and on CUDA, taking turns, synchronised
before each reading of the clock. The prox finds the signals on its device,
APGD takes them there. Without a GPU only the CPU is measured, and the script
says so.
"""
import argparse
import time
from pathlib import Path

import numpy as np
import torch
from prox import noisy_blocks

from unrolling import prox_tv
from unrolling.bench.testing import LoadedBenchmark
from unrolling.device import synchronize

TV = LoadedBenchmark(Path(__file__).parents[2] / "benchmark_tv")
LMBD, REG, TURNS = 3.0, 0.1, 3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, nargs="*",
                        default=[100, 1000, 10_000])
    samples = parser.parse_args().samples
    devices = ["cpu"] + ["cuda"] * torch.cuda.is_available()
    print(f"{torch.cuda.get_device_name()} against "
          f"{torch.get_num_threads()} CPU threads" if len(devices) > 1
          else "torch sees no GPU: the CPU only")
    for n_times in (250, 10_000):
        for n_samples in samples:
            if n_samples * n_times <= 10**7:
                u = torch.as_tensor(noisy_blocks(n_samples, n_times))
                report(f"prox and backward, {n_samples} x {n_times}",
                       {d: prox_of(u, d) for d in devices})
    for n_samples in samples:
        objective = TV.make_objective(TV.make_dataset(
            "Simulated", n_dim=400, n_times=250, n_train=1,
            n_test=n_samples), reg=REG)
        report(f"100 iterations of APGD, {n_samples} x (400 x 250)",
               {d: apgd_of(objective, d) for d in devices})


def prox_of(u, device):
    """A call that returns the prox and its derivative."""
    u = u.to(device, copy=True).requires_grad_()

    def run():
        solution = prox_tv(u, LMBD)
        [grad] = torch.autograd.grad(solution.square().sum(), u)
        return solution.detach(), grad

    return run, device


def apgd_of(objective, device):
    """A call that returns the 100th iterate, moved there and back."""
    solver, _ = TV.make_solver(
        "APGD", objective, restart=False, backend="torch", device=device)

    def run():
        solver.run_once(100)
        return (solver.result,)

    return run, device


def report(what, calls):
    """Print the least seconds of each call in turns, and how they differ."""
    seconds = dict.fromkeys(calls, np.inf)
    results = {}
    for turn in range(TURNS + 1):  # the first compiles and allocates
        for name, (run, device) in calls.items():
            synchronize(device)
            start = time.perf_counter()
            results[name] = run()
            synchronize(device)
            if turn:
                seconds[name] = min(
                    seconds[name], time.perf_counter() - start)
    line = ", ".join(f"{name} {s:.4f} s" for name, s in seconds.items())
    if len(calls) > 1:
        apart = max(float((a - b.cpu()).abs().max()) for a, b in zip(
            results["cpu"], results["cuda"], strict=True))
        line += (f": {seconds['cpu'] / seconds['cuda']:.1f}x, differ by "
                 f"{apart:.0e}")
    print(f"{what}: {line}", flush=True)


if __name__ == "__main__":
    main()
