"""One batched ISTA iteration, and the guard, over the products they need.

python performance/lasso/iteration.py

1000 samples, n_dim=64, n_atoms=256, one thread; the bar is 1.5 times the two
matrix products, measured beside it in turn. The last rows are a trained
10-layer network: with its guard over without.
"""
import copy
import time

import numpy as np
import problems
import torch

from unrolling.lasso.steps import proximal_step
from unrolling.linear import LeastSquares


def alternate(functions, repeat=200):
    """Least and median wall time in ms of functions called in turn."""
    times = np.empty((repeat, len(functions)))
    for row in times:
        for k, function in enumerate(functions):
            start = time.perf_counter()
            function()
            row[k] = 1e3 * (time.perf_counter() - start)
    times = times[repeat // 10:]
    return times.min(axis=0), np.median(times, axis=0)


def report(label, functions, bar=None):
    (base, ours), (base_median, ours_median) = alternate(functions)
    ratio, median = ours / base, ours_median / base_median
    print(f"{label:28} {base:8.3f} ms {ours:8.3f} ms  ratio {ratio:.2f} "
          f"(of medians {median:.2f})"
          + ("" if bar is None else f"  bar {bar}: "
             + ("met" if ratio <= bar else "NOT MET")))


def iteration_and_products(D, x, z):
    """Two functions: the products of an iteration, and the iteration."""
    residual, grad = x * 0, z * 0
    product = np.matmul if isinstance(x, np.ndarray) else torch.matmul
    fit, out = LeastSquares(D, x), z * 0

    def products():
        product(z, D.T, out=residual)
        product(residual, D, out=grad)

    @torch.no_grad()
    def iteration():
        proximal_step(z, fit.grad(z), 0.1, 0.01, out=out)

    return [products, iteration]


def unguarded_and_guarded(network, x):
    """Two functions: the network without its guard, and with it."""
    unguarded = copy.copy(network)
    unguarded.guarded = False
    return [lambda: unguarded(x), lambda: network(x)]


def main():
    problems.limit_threads(1)
    objective = problems.load_objective("Simulated", 0.1, signals="codes",
                                        n_test=1000)
    D, x = objective.D, objective.x_test
    z = np.random.default_rng(0).standard_normal((len(x), D.shape[1]))
    for dtype in (np.float64, np.float32):
        arrays = [a.astype(dtype) for a in (D, x, z)]
        name = np.dtype(dtype).name
        report(f"numpy {name}", iteration_and_products(*arrays), bar=1.5)
        tensors = map(torch.as_tensor, arrays)
        report(f"torch {name}", iteration_and_products(*tensors), bar=1.5)
    x = torch.as_tensor(x)
    for name in ("Step-LISTA", "Coupled-LISTA", "LISTA"):
        solver = problems.load_solver(name, objective)
        with problems.empty_cache():
            solver.pre_run_hook(10)
        report(f"guard of {name}", unguarded_and_guarded(solver.trained, x))


if __name__ == "__main__":
    main()
