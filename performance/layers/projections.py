"""Solves and backward passes of layers, in batches, against cvxpy and diffcp.

[OMP_NUM_THREADS=1] python performance/layers/projections.py

The simplex layer on 200 inputs of dimension 10, and the portfolio's quadratic
program on as many: our batch against a loop over the samples of a cvxpy
problem, compiled once with parameters, and of diffcp's conic solver, whose
backward pass by LPGD is timed, too. Bar: 10 times. The largest difference of
the solutions is printed. Packages that are not installed are left out.
"""
import importlib.util
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from scipy import sparse

from unrolling.bench.testing import LoadedBenchmark

LAYERS = LoadedBenchmark(Path(__file__).parents[2] / "benchmark_layers")
N_SAMPLES, N_LOOPED, TAU, BAR = 200, 20, 0.1, 10


def main():
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore")
    for name in ("Simplex", "Portfolio"):
        measure(name, LAYERS.make_objective(LAYERS.make_dataset(
            name, n_train=N_SAMPLES)).layer)


def measure(name, layer):
    """Print the times of a layer, ours and the peers'."""
    rng = torch.Generator().manual_seed(0)
    w, dx = torch.randn(2, N_SAMPLES, layer.n_inputs, generator=rng,
                        dtype=torch.float64)
    Q = layer.Q if name == "Portfolio" else (
        layer.gamma * torch.eye(layer.n_inputs, dtype=w.dtype))
    solve_s, x = timed(lambda: layer.solve(w).x)
    back_s, _ = timed(lambda: [layer.solve(
        w, sign * TAU * dx, start=x).x for sign in (1, -1)])
    alone_s, _ = timed(lambda: [layer.solve(row).x for row in w.split(1)])
    print(f"{name}, {N_SAMPLES} samples: ours {solve_s * 1e6:.2f} us a "
          f"sample, one sample a call {alone_s * 1e6:.0f} us, LPGD's backward "
          f"pass {back_s * 1e6:.2f} us")
    for peer, run in (("cvxpy", by_cvxpy), ("diffcp", by_diffcp)):
        if importlib.util.find_spec(peer) is None:
            print(f"  {peer} is not installed")
            continue
        seconds, theirs = run(Q.numpy(), w.numpy(), dx.numpy())
        error = abs(theirs - x[:N_LOOPED].numpy()).max()
        print(f"  {peer}: " + ", ".join(
            f"{label} {s * 1e6:.0f} us a sample, {s / own:.0f} times ours"
            for label, s, own in zip(
                ("solve", "backward pass"), seconds, (solve_s, back_s),
                strict=False))
            + f" (bar {BAR}); largest difference {error:.1e}")


def timed(function):
    """Seconds a sample of the fastest of ten calls, and what it returned."""
    times = []
    for _ in range(10):
        started = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - started)
    return min(times) / N_SAMPLES, result


def by_cvxpy(Q, w, dx):
    """Seconds of a solve, its compilation left out, and the solutions."""
    import cvxpy as cp
    x, c = cp.Variable(len(Q)), cp.Parameter(len(Q))
    problem = cp.Problem(
        cp.Minimize(cp.quad_form(x, cp.psd_wrap(Q)) / 2 - c @ x),
        [x >= 0, cp.sum(x) == 1])
    c.value = w[0]
    problem.solve()
    started, solutions = time.perf_counter(), []
    for c.value in w[:N_LOOPED]:
        problem.solve()
        solutions.append(x.value)
    return [(time.perf_counter() - started) / N_LOOPED], np.array(solutions)


def by_diffcp(Q, w, dx):
    """Seconds of a solve and of a backward pass, and the solutions."""
    import diffcp
    n = len(Q)
    A = sparse.csc_matrix(np.vstack([np.ones(n), -np.eye(n)]))
    b, cones = np.eye(n + 1)[0], {diffcp.ZERO: 1, diffcp.POS: n}
    seconds, solutions = np.zeros(2), []
    for row, slope in zip(w[:N_LOOPED], dx, strict=False):
        started = time.perf_counter()
        x, y, s, _, adjoint = diffcp.solve_and_derivative(
            A, b, -row, cones, P=sparse.csc_matrix(Q), mode="lpgd",
            derivative_kwargs={"tau": TAU, "rho": 0.0},
            solve_method="Clarabel")
        solved = time.perf_counter()
        adjoint(slope, 0 * y, 0 * s)
        seconds += solved - started, time.perf_counter() - solved
        solutions.append(x)
    return seconds / N_LOOPED, np.array(solutions)


if __name__ == "__main__":
    main()
