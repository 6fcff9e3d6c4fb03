"""What a verdict on two commits is made of: its words, bounds and numbers."""

from math import nan
from typing import NamedTuple

CURVE = ["benchmark", "dataset", "objective", "solver"]
BASE, HEAD = "base", "head"
WORSE, BETTER, SAME, NEW, GONE = "worse", "better", "same", "new", "gone"
UNDECIDED = "undecided"
"""Repetitions differ, and are too few to tell a change from chance."""
SHARES = 0.4, 0.2, 0.2
"""How the false alarms are shared out: to the times of each solver on all
problems, of each curve, and of all solvers together."""
NOISY_SHARE = 0.2
"""What is left for the metrics, times excepted, whose repetitions differ."""
TIME = "seconds"
"""Name of the times of several curves, each to the hardest level that both
commits reach in every repetition."""


class Bounds(NamedTuple):
    """What counts as a change."""

    threshold: float = 1.1
    """Ratio of times or of memory that matters."""
    tolerance: float = 1e-3
    """Relative difference of deterministic metrics that matters."""
    alpha: float = 0.005
    """Chance of one false alarm or more, in a whole comparison, among the
    times and the metrics whose repetitions differ."""


DEFAULT = Bounds()


class Decision(NamedTuple):
    """The verdict on one metric of one curve, or of a solver on all."""

    benchmark: str
    dataset: str
    objective: str
    solver: str
    metric: str
    verdict: str
    base: float
    head: float
    """Medians of the repetitions; of times, geometric means."""
    ratio: float = nan
    """Head over base."""
    relative: float = nan
    """The same over what the benchmark's solvers have in common, where there
    are enough of them."""
    low: float = nan
    high: float = nan
    p: float = nan
    """Interval and probability: of `relative`, or of `ratio` without one."""
    note: str = ""
    """What the numbers do not say."""


def in_runs(base, head, n):
    """Write in how many of n runs of each commit there is something."""
    return f"in {base} of {n} runs of base, {head} of {n} of head"
