"""Throughput of trained-size networks over the machine's matrix products.

python performance/lasso/inference.py [--layers 10] [--networks Step-LISTA ...]

8000 samples, n_dim=64, n_atoms=256, both dtypes, one thread and two. Counted
are the flops of the matrix products that a network's layers ask for, as seen
by torch; they are divided by the network's time, without and with its guard.
Beside them stand a large square product and the two products of an ISTA
iteration in the shapes that a network has, all timed in turn. The bar is
0.7 of the products.
"""
import argparse
import copy

import problems
import torch
from iteration import alternate, iteration_and_products
from torch.utils.flop_counter import FlopCounterMode

from unrolling.network import BATCH_BYTES

BAR = 0.7
REPEAT = 50  # products in one timing


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layers", type=int, default=10)
    parser.add_argument("--networks", nargs="*",
                        default=problems.learned_solvers())
    arguments = parser.parse_args()
    objective = problems.load_objective("Simulated", 0.1, signals="codes",
                                        n_test=8000)
    print(f"{'dtype':8} {'threads':7} {'network':16} {'square':>7} "
          f"{'own':>7} {'alone':>7} {'guarded':>7} GFlop/s  {'alone':>5} "
          f"{'guarded':>7} of own")
    for dtype in (torch.float64, torch.float32):
        for n_threads in (1, 2):
            problems.limit_threads(n_threads)
            for name in arguments.networks:
                network = problems.load_solver(name, objective).untrained
                network.grow(arguments.layers)
                measure(network.to(dtype=dtype), name,
                        torch.as_tensor(objective.x_test, dtype=dtype))


def measure(network, name, x):
    """Time one network and the products, and print its row."""
    square = torch.randn(1024, 1024).to(x.dtype)
    n_rows = BATCH_BYTES // (x.element_size() * network.D.shape[1])
    products, _ = iteration_and_products(
        network.D, x[:n_rows], torch.randn(n_rows, network.D.shape[1]).to(x))

    unguarded = copy.copy(network)
    unguarded.guarded = False
    functions = {
        "square": lambda: [square @ square for _ in range(REPEAT // 5)],
        "own": lambda: [products() for _ in range(REPEAT)],
        "alone": lambda: unguarded(x),
        "guarded": lambda: network(x),
    }
    flops = {name: count(function) for name, function in functions.items()
             if name in ("square", "own")}
    # the counter sees one thread; what the guard multiplies is no output
    flops["alone"] = flops["guarded"] = sum(
        count(lambda batch=batch: network.forward(batch))
        for batch in x.split(n_rows))
    least, _ = alternate(list(functions.values()), repeat=10)
    rates = {name: flops[name] / (1e6 * ms)
             for name, ms in zip(functions, least, strict=True)}
    shares = [rates[name] / rates["own"] for name in ("alone", "guarded")]
    print(f"{str(x.dtype)[6:]:8} {torch.get_num_threads():7} {name:16} "
          + " ".join(f"{rate:7.1f}" for rate in rates.values())
          + f"          {shares[0]:5.2f} {shares[1]:7.2f}  bar {BAR} "
          + ("met" if min(shares) >= BAR else "NOT MET"), flush=True)


def count(function):
    """Flops of the matrix products in a call."""
    with FlopCounterMode(display=False) as counter:
        function()
    return counter.get_total_flops()


if __name__ == "__main__":
    main()
