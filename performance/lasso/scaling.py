"""How time and memory of the batch solver grow with the problem.

python performance/lasso/scaling.py [--output FILE.svg] [--quick]

Three sweeps around 1000 problems, n_dim=64, n_atoms=256, reg=0.1: the number
of problems up to 10^5, of atoms up to 10^4, and the penalty, to a relative
duality gap of 1e-6, beside scikit-learn's Lasso with all targets in one call.
Each point is a process of its own that has compiled on a small problem: its
time, and the growth of its peak memory beyond D and x, the result included.
Points that a method's last one says will take more than a minute are left out.
"""
import argparse
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import matplotlib.pyplot as plt
from gaussian import make_problems
from sklearn.linear_model import Lasso

from unrolling.lasso import duality_gap, solve_lasso

BASE = {"n_samples": 1000, "n_dim": 64, "n_atoms": 256, "reg": 0.1}
SWEEPS = {
    "n_samples": [100, 1000, 10_000, 100_000],
    "n_atoms": [128, 256, 512, 1024, 2048, 4096, 10_000],
    "reg": [0.9, 0.8, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01],
}
LABELS = {"n_samples": "number of problems", "n_atoms": "number of atoms",
          "reg": r"reg = $\lambda / \lambda_{max}$"}
LONGEST = 60


def scikit_learn(D, x, reg):
    lasso = Lasso(alpha=reg / len(D), fit_intercept=False, precompute=True,
                  tol=5e-7, max_iter=100_000)
    return lasso.fit(D, x.T).coef_


def ours(D, x, reg):
    return solve_lasso(D, x, reg).z


METHODS = {"solve_lasso": ours, "scikit-learn": scikit_learn}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path,
                        default=Path(__file__).with_suffix(".svg"))
    parser.add_argument("--quick", action="store_true",
                        help="the two smallest points of each sweep")
    parser.add_argument("--point", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.point:
        print(json.dumps(measure(**json.loads(arguments.point))))
        return
    figure, axes = plt.subplots(2, 3, figsize=(11, 6), sharex="col",
                                sharey="row", layout="constrained")
    for column, (name, values) in zip(axes.T, SWEEPS.items(), strict=True):
        for method in METHODS:
            points = sweep(method, name, values[:2] if arguments.quick
                           else values)
            for axis, key in zip(column, ("seconds", "MiB"), strict=True):
                axis.loglog([p[name] for p in points],
                            [p[key] for p in points], "o-", label=method)
                axis.set_ylabel(key)
                axis.grid(alpha=0.3)
        column[1].set_xlabel(LABELS[name])
        if name == "reg":
            column[0].invert_xaxis()
    axes[0, 0].legend()
    figure.suptitle("{n_samples} problems, n_dim={n_dim}, n_atoms={n_atoms}, "
                    "reg={reg}, one of them varied".format(**BASE))
    figure.savefig(arguments.output, metadata={"Date": None})
    print(arguments.output)


def sweep(method, name, values):
    """Measure the points of a sweep, each in its own process."""
    points, ahead = [], 0
    for value in values:
        point = BASE | {name: value}
        if points:
            last = points[-1]
            ahead = last["seconds"] * max(1, value / last[name])
        if ahead > LONGEST:
            break
        result = subprocess.run(
            [sys.executable, __file__, "--point",
             json.dumps(point | {"method": method})],
            check=True, capture_output=True, text=True)
        point |= json.loads(result.stdout)
        points.append(point)
        print("{n_samples:6} problems, {n_atoms:5} atoms, reg {reg:4}: "
              .format(**point)
              + "{seconds:9.4f} s, {MiB:7.1f} MiB, gap {gap:.0e}, "
              .format(**point) + method, flush=True)
    return points


def measure(method, n_samples, n_dim, n_atoms, reg):
    """Seconds, MiB and the largest gap of one point, in this process."""
    solve = METHODS[method]
    solve(*make_problems(20, 3, 5), 0.1)
    D, x = make_problems(n_samples, n_dim, n_atoms)
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before = memory("VmRSS")
    start = time.perf_counter()
    z = solve(D, x, reg)
    seconds = time.perf_counter() - start
    peak = memory("VmHWM")
    gap = max(duality_gap(z[i:i + 1000], D, x[i:i + 1000], reg).max()
              for i in range(0, len(x), 1000))
    return {"seconds": seconds, "MiB": peak - before, "gap": float(gap)}


def memory(kind):
    """MiB of this process: VmRSS, now, or VmHWM, the peak (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"{kind}:\s+(\d+) kB", status)[1]) / 1024


if __name__ == "__main__":
    main()
