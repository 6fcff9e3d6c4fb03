"""Iterations and time of exact ADMM until what GD and Adam have after 2000.

OMP_NUM_THREADS=1 python performance/genprior/budget.py [--seeds 0 1 2]
[--n-images 20] [--problems compressed_sensing ...]

Held-out images of Digits, one restart, three seeds of generator, measurements
and starts; every problem whose prox ADMM knows. The target is the mean over
the images of their least L(G(z)) so far; ADMM may take 5 times the rival's
iterations. A cell is the median over the seeds, with the range; where some do
not reach it, it says how many and ADMM's error over the target.
"""
import argparse

import numpy as np
import torch
from problems import load_data, load_objective, load_solver
from second_order import path

PROBLEMS = {
    "compressed_sensing": (0.1, 0.3, 0.5), "inpainting": (0.5,),
    "deblurring": (1.0,), "denoise_l2": (0.1,), "denoise_l1": (0.1,),
    "denoise_linf": (0.1,), "adversarial": (0.3,), "adversarial_l2": (0.3,),
    "phase_retrieval": (2.0,)}
N_RIVAL, RIVALS = 2000, ("GD", "Adam")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--n-images", type=int, default=20)
    parser.add_argument("--problems", nargs="+", default=list(PROBLEMS))
    options = parser.parse_args()
    torch.set_num_threads(1)
    data = [load_data("Digits", seed, n_test=options.n_images)
            for seed in options.seeds]
    print("| problem | rival | its error, CPU s | ADMM's iterations | CPU s |")
    print("| --- | --- | --- | --- | --- |")
    for problem in options.problems:
        for level in PROBLEMS[problem]:
            objectives = [load_objective(
                of, problem=problem, level=level, n_restarts=1)
                for of in data]
            _, reason = load_solver("ADMM", objectives[0])
            for rival in RIVALS:
                cells = ["-", reason, "-"] if reason else row(
                    objectives, rival)
                print(f"| {problem} {level:g} | {rival} | "
                      + " | ".join(cells) + " |", flush=True)


def row(objectives, rival):
    """Cells of one rival on a problem, of an objective for each seed."""
    targets, rival_s, counts, seconds, excess = [], [], [], [], []
    for objective in objectives:
        _, spent, target = path(objective, rival, 0, N_RIVAL)
        n_iter, own_s, error = path(objective, "ADMM", target, 5 * N_RIVAL)
        targets.append(target)
        rival_s.append(spent)
        if error <= target:
            counts.append(n_iter)
            seconds.append(own_s)
        else:
            excess.append(error / target)
    ends = " to ".join(dict.fromkeys(
        f"{of(excess):.3g}" for of in (min, max))) if excess else ""
    missed = excess and (f"not reached by {len(excess)} of {len(objectives)}, "
                         f"which end at {ends} of it")
    return [f"{np.median(targets):.3g}, {np.median(rival_s):.2f}",
            "; ".join(filter(None, [spread(counts, ".0f"), missed])),
            spread(seconds, ".2f") or "-"]


def spread(values, digits):
    """Median and range of values, or "" of none."""
    if not values:
        return ""
    low, middle, high = (
        f"{of(values):{digits}}" for of in (min, np.median, max))
    return f"{middle} ({low} to {high})" if len(values) > 1 else middle


if __name__ == "__main__":
    main()
