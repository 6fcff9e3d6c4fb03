"""Planted regressions that a comparison finds, and its false alarms.

python -m performance.ci.detection

Bars, each of 100 simulated comparisons at 10 repetitions with 20 % timing
noise: a solver 1.3 times slower, and one that needs 10 % more iterations, are
each named in 95 at least; without a change at most 1 has a false alarm. The
simulation is that of `tests/ci/test_tracking_statistics.py`; three sets of
100 without change are run, since one of them says little of a rate of 1 %, and
as many where solvers have between 5 % and 80 % of noise.
"""
import sys
from pathlib import Path

import numpy as np

TESTS = Path(__file__).parents[2] / "tests" / "ci"
N = 100


def main():
    sys.path.insert(0, str(TESTS))
    from test_tracking_statistics import simulate, worse

    rng = np.random.default_rng(0)
    for name, planted in (("1.3 times slower", {"slower": 1.3}),
                          ("10 % more iterations", {"more": 1.1})):
        found = sum(
            any((d.benchmark, d.solver) == ("B0", "S0")
                for d in worse(simulate(rng, **planted))) for _ in range(N))
        print(f"{name}: {found} of {N}, bar 95, ratio {found / 95:.2f}",
              flush=True)
    for name, spread in (("no change", 1), ("no change, unequal noise", 4)):
        for k in range(3):
            alarms = sum(bool(worse(simulate(rng, spread=spread)))
                         for _ in range(N))
            print(f"{name}, set {k + 1}: {alarms} of {N} false alarms, bar 1",
                  flush=True)


if __name__ == "__main__":
    main()
