"""The prox of the total variation against the libraries for it.

python performance/tv/prox.py [--repeats 10]

Noisy blocks, 1000 rows of 250 samples and 100 rows of 10000, at three
penalties. The libraries, prox_tv and condat-tv, take a row a call. All take
turns, and the least CPU time of each over the turns counts; on all cores, it
is the least wall time of both sides, which says something where no other
process wants a core. A library that is not installed is left out, and the
bars, which compare with the faster of both, say so.
"""
import argparse
import time
from importlib import import_module

import numpy as np
import torch

from unrolling import prox_tv, taut_string

SHAPES = [(1000, 250), (100, 10_000)]
LMBDS = [0.3, 3.0, 30.0]
BAR_ONE, BAR_TWO = 2, 3.5
"""Times faster than the faster library, on one core and on two."""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=10)
    repeats = parser.parse_args().repeats
    peers = libraries()
    print(f"nanoseconds a sample; {taut_string.N_THREADS} cores")
    for shape in SHAPES:
        u = noisy_blocks(*shape)
        for lmbd in LMBDS:
            compare(u, lmbd, peers, repeats)


def noisy_blocks(n_rows, n_times, seed=0):
    """Jumps of size 2 at 3% of the samples, and noise of size 1/2.

    The solutions have 2, 13 and 30 samples a segment at the three penalties,
    as in the measurements that the bars come from.
    """
    rng = np.random.default_rng(seed)
    where = rng.uniform(size=(n_rows, n_times)) < 0.03
    jumps = 2 * where * rng.standard_normal((n_rows, n_times))
    return jumps.cumsum(axis=1) + 0.5 * rng.standard_normal((n_rows, n_times))


def libraries():
    """Name -> function (row, lmbd) of those that are installed."""
    functions = {}
    for name, module, function in [
            ("prox_tv", "prox_tv", lambda m: m.tv1_1d),
            ("condat-tv", "condat_tv", lambda m: m.tv_denoise)]:
        try:
            functions[name] = function(import_module(module))
        except ImportError as error:
            print(f"{name} is left out: {error}; pip install {name}")
    return functions


def compare(u, lmbd, peers, repeats):
    """Time all in turns; print a line for each, and the ratios."""
    t = np.full(len(u), lmbd)
    solution = taut_string.taut_string(u, t)
    grad = np.random.default_rng(1).standard_normal(u.shape)
    tensor = torch.tensor(u, requires_grad=True)
    methods = {
        "forward": lambda: taut_string.taut_string(u, t, n_threads=1),
        "backward": lambda: taut_string.taut_string_backward(
            grad, solution, n_threads=1),
        "prox_tv of numpy": lambda: prox_tv(u, lmbd),
        "prox_tv of torch": lambda: prox_tv(tensor, lmbd),
    } | {name: lambda f=f: np.array([f(row, lmbd) for row in u])
         for name, f in peers.items()}
    cpu, wall = ({name: np.inf for name in methods} for _ in range(2))
    for _ in range(repeats):
        for name, method in methods.items():
            started = time.process_time(), time.perf_counter()
            method()
            ended = time.process_time(), time.perf_counter()
            cpu[name] = min(cpu[name], ended[0] - started[0])
            wall[name] = min(wall[name], ended[1] - started[1])
    segments = 1 + (np.diff(solution) != 0).sum(axis=1).mean()
    print(f"\n{u.shape[0]} x {u.shape[1]}, lmbd {lmbd}, {segments:.0f} "
          "segments a row")
    for name in methods:
        error = ""
        if name in peers:
            error = f"  differs by {abs(methods[name]() - solution).max():.0e}"
        print(f"  {name:18} CPU {1e9 * cpu[name] / u.size:6.1f}  wall "
              f"{1e9 * wall[name] / u.size:6.1f}{error}")
    report("backward no slower than forward",
           cpu["forward"] / cpu["backward"], 1)
    if peers:
        fastest = min(peers, key=cpu.get)
        only = "" if len(peers) == 2 else " (the other is missing)"
        report(f"one core, against {fastest}{only}",
               cpu[fastest] / cpu["forward"], BAR_ONE)
        report(f"{taut_string.N_THREADS} cores, against {fastest}{only}",
               wall[fastest] / wall["prox_tv of numpy"],
               BAR_TWO if taut_string.N_THREADS == 2 else BAR_ONE)


def report(what, ratio, bar):
    """Print a ratio and whether it reaches its bar."""
    print(f"  {what}: {ratio:.2f}, bar {bar} "
          + ("met" if ratio >= bar else "NOT MET"))


if __name__ == "__main__":
    main()
