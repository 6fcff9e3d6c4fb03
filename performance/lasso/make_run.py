"""Wall time and peak memory of what `make run` runs, once installed.

python performance/lasso/make_run.py

Bars: 5 minutes on 2 cores, training included, and 2 GiB. The cache is an
empty one, so that everything is computed and trained.
"""
import resource
import subprocess
import sys
import time
from pathlib import Path

import problems

BENCHMARK = problems.LASSO.folder


def main():
    start = time.perf_counter()
    with problems.empty_cache():
        subprocess.run(
            [Path(sys.executable).parent / "benchopt", "run", BENCHMARK,
             "--config", BENCHMARK / "configs" / "main.yml",
             "--no-display"], check=True)
    subprocess.run(
        [sys.executable, "-m", "ci", "report", BENCHMARK], check=True,
        cwd=BENCHMARK.parent)
    wall = time.perf_counter() - start
    # of the largest process
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"wall {wall:.0f} s, bar 300 s, ratio {wall / 300:.2f}; "
          f"peak {peak:.2f} GiB, bar 2 GiB, ratio {peak / 2:.2f}")


if __name__ == "__main__":
    main()
