"""Networks for haemodynamic deconvolution against iterations of equal depth.

python performance/tv/hrf.py [--samples 8000] [--networks Step-LPGD LPGD]

Series of 250 frames with a fixed haemodynamic response, lmbd = 0.1 lmbd_max.
Networks of 1, 2, 5 and 10 layers are trained on so many series, each depth
from the one before, and judged on 1000 others by their mean gap to certified
optima; PGD, accelerated PGD and SpaRSA take as many iterations. Bars: less
than 10 minutes for LPGD with 5 layers on two cores, and a network that loses
to neither of the first two at any depth.
"""
import argparse
import os
import tempfile
import time
from pathlib import Path

import benchopt.benchmark

from unrolling.bench.testing import LoadedBenchmark

TV = LoadedBenchmark(Path(__file__).parents[2] / "benchmark_tv")
DEPTHS, N_TEST, BAR_S = (1, 2, 5, 10), 1000, 600
FREE = {"PGD": {}, "APGD": {"restart": False}, "SpaRSA": {}}
RIVALS = "PGD", "APGD"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=8000)
    parser.add_argument("--networks", nargs="+",
                        default=["Step-LPGD", "LPGD"])
    options = parser.parse_args()
    benchopt.benchmark._RUNNING_BENCHMARK = TV.benchmark
    with tempfile.TemporaryDirectory() as folder:  # so that all is trained
        os.environ["BENCHOPT_CACHE"] = folder
        compare(options)


def compare(options):
    """Print the gaps of all methods, and where a network is behind."""
    objective = TV.make_objective(TV.make_dataset(
        "fMRILike", n_train=options.samples, n_test=N_TEST), reg=0.1)
    print(f"mean gap after {DEPTHS} iterations or layers", flush=True)
    gaps = {name: gaps_of(name, objective, **parameters)
            for name, parameters in FREE.items()}
    for name in options.networks:
        gaps[name] = gaps_of(name, objective, max_layers=DEPTHS[-1])
        behind = [T for rival in RIVALS for T, ours, theirs in zip(
            DEPTHS, gaps[name], gaps[rival], strict=True) if ours > theirs]
        print(f"  behind {' or '.join(RIVALS)} at depths {sorted(behind)}"
              if behind else "  never behind " + " or ".join(RIVALS),
              flush=True)


def gaps_of(name, objective, **parameters):
    """Its mean gap at each depth; networks train on the way."""
    solver, reason = TV.make_solver(name, objective, **parameters)
    if reason is not None:
        raise SystemExit(reason)
    found = []
    for T in DEPTHS:
        started = time.perf_counter()
        solver.run_once(T)
        result = solver.get_result()
        found.append(objective.evaluate_result(**result)["suboptimality"])
        if "training" in result:
            seconds = time.perf_counter() - started
            print(f"  {name}, {T} layers: {seconds:.0f} s more"
                  + (f", bar {BAR_S} s for all so far" if T == 5 else ""),
                  flush=True)
    print(f"{name}: " + " ".join(f"{gap:.3e}" for gap in found), flush=True)
    return found


if __name__ == "__main__":
    main()
