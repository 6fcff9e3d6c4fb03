"""The classes of benchmark_nonlinear for the measurements."""
import sys
from pathlib import Path

from unrolling.bench.testing import LoadedBenchmark

NONLINEAR = LoadedBenchmark(
    Path(__file__).parents[2] / "benchmark_nonlinear")


def module(name):
    """A module of its benchmark_utils."""
    return sys.modules[f"benchmark_utils.{name}"]


def report(what, value, bar, at_most=True):
    """Print a figure and whether it reaches its bar."""
    met = value <= bar if at_most else value >= bar
    print(f"  {what}: {value:.3g}, bar {bar:g} "
          + ("met" if met else "NOT MET"), flush=True)
