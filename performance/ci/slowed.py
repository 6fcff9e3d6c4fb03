"""One solver slowed by a sleep: does `ci compare` name it, and it alone?

python -m performance.ci.slowed

In a clone of this repository, FISTA of benchmark_dictionary sleeps for a
millisecond in each iteration, which takes about as long itself. Bar: it is
the only solver that is called worse, in 10 minutes for all tracked
configurations; the time printed is that of one of three.
"""
import subprocess
import sys
import time

from performance.ci.suites import ENVIRONMENT, clone, commit

SLOWED = """

import time
codes = Solver.codes


def slowed(self, D, z):
    time.sleep(1e-3)
    return codes(self, D, z)


Solver.codes = slowed
"""


def main():
    with clone() as suite:
        with (suite / "benchmark_dictionary/solvers/fista.py").open("a") as f:
            f.write(SLOWED)
        commit(suite, "FISTA sleeps")
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "ci", "compare", "HEAD~", "HEAD",
             "--benchmarks", "benchmark_dictionary", *sys.argv[1:]],
            cwd=suite, env=ENVIRONMENT, text=True, stdout=subprocess.PIPE)
    worse = [line for line in done.stdout.splitlines()
             if line.startswith(("worse", "gone"))]
    print(*worse, sep="\n")
    named = bool(worse) and all("FISTA" in line for line in worse)
    print(f"exit code {done.returncode}, bar 1; FISTA alone is named: "
          f"{named}; {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
