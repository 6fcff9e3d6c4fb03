"""CPU time until the measurement error that Adam has after 2000 iterations.

OMP_NUM_THREADS=1 python performance/genprior/second_order.py [--data MNIST]

Compressed sensing at m/n = 0.3 of images in the range of the trained
generator, one restart. The error is the mean over the images of 1/2 ||A G(z) -
b||^2. Methods run one after the other in one process; the bar is half of
Adam's time.
"""
import argparse
import time

import torch
from problems import load_data, load_objective, load_solver

N_ADAM, MOST_S = 2000, 60
RIVALS = ["Gauss-Newton", "L-BFGS", "ADMM-Gauss-Newton", "ADMM"]
BAR = 2


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="MNIST")
    parser.add_argument("--n-images", type=int, default=5)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    data = load_data(
        arguments.data, in_range=True, n_test=arguments.n_images)
    objective = load_objective(
        data, problem="compressed_sensing", level=0.3, n_restarts=1)
    n_iter, adam_s, target = path(objective, "Adam", 0, N_ADAM)
    print(f"Adam: {target:.3g} after {n_iter} iterations, {adam_s:.1f} CPU s")
    for name in RIVALS:
        n_iter, seconds, error = path(objective, name, target, 10**6)
        reached = error <= target
        print(f"{name}: {error:.3g} after {n_iter} iterations, "
              f"{seconds:.1f} CPU s; " + (
                  f"Adam's time / its {adam_s / seconds:.2f}, bar {BAR} "
                  + ("met" if adam_s >= BAR * seconds else "NOT MET")
                  if reached else "the error of Adam is NOT reached"),
              flush=True)


def path(objective, name, target, most):
    """Iterations, CPU s and error of a solver, once the error is at most
    target, or after so many iterations or MOST_S."""
    solver, _ = load_solver(name, objective)
    state, started = [0, 0.0, float("inf")], time.process_time()
    least = []

    def cb():
        state[1] = time.process_time() - started
        error = solver.fit.error(solver.last.image)
        least[:] = [torch.minimum(least[0], error) if least else error]
        state[2] = least[0].mean().item()
        if state[2] <= target or state[0] >= most or state[1] > MOST_S:
            return False
        state[0] += 1
        return True

    solver.run(cb)
    return state


if __name__ == "__main__":
    main()
