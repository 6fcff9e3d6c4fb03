"""One run of benchopt as records: a few numbers for each curve.

All metrics are better the smaller they are.
"""

from typing import NamedTuple

import numpy as np

from ci.curves import LEVELS, area, cost_to_level, read_curve

CURVE = ["dataset_name", "objective_name", "solver_name"]
ALL = "all"
"""The data set, objective and solver of what is measured of a whole call."""
MEMORY = "peak memory (MiB)"
RUNS = "runs"
"""Whether whole calls have results."""
TRAINING = "training (s)"
SECONDS = [f"seconds to {level:.0e}" for level in sorted(LEVELS)] + [
    "seconds in all"]
"""Metrics of time, hardest first."""
TIMES = {*SECONDS, TRAINING}
EXACT_FLOOR = {"final excess": 1e-9}
"""Metrics that are rounding errors below some value."""


def above_rounding(metric, values):
    """Raise what is a rounding error to the largest one: an ndarray."""
    return np.maximum(values, EXACT_FLOOR.get(metric, -np.inf))


class Record(NamedTuple):
    """One number of one run."""

    dataset: str
    objective: str
    solver: str
    metric: str
    value: float


def records_of(df, peak=None):
    """Sum up the curves of a run.

    Parameters
    ----------
    df : DataFrame, a result file of benchopt
    peak : float or None, MiB that the call needed at most

    Returns
    -------
    list of Record: for each curve of each solver, and for the call
    """
    records = [
        Record(*where, metric, value)
        for where, rows in df.groupby(CURVE, sort=False)
        for metric, value in curve_metrics(rows).items()]
    if peak is not None:
        records.append(Record(ALL, ALL, ALL, MEMORY, peak))
    return records


def curve_metrics(rows):
    """Compute the metrics of one curve.

    Iterations are counted of solvers that benchopt samples by iteration; of
    others, which run to a tolerance, only the time is measured.

    Parameters
    ----------
    rows : DataFrame, the evaluations of one solver on one problem

    Returns
    -------
    dict of str to float
    """
    curve, metrics = read_curve(rows), {}
    if curve.by_iteration:
        for level in LEVELS:
            metrics[f"iterations to {level:.0e}"] = cost_to_level(
                curve.iterations, curve.excess, level)
        metrics["area (iterations)"] = area(curve.iterations, curve.excess)
    for level in LEVELS:
        metrics[f"seconds to {level:.0e}"] = curve.seconds_to(level)
    metrics["seconds in all"] = curve.seconds[-1]
    metrics["final value"] = curve.value[-1]
    if curve.known:
        metrics["final excess"] = curve.excess[-1]
    for name, column in ((TRAINING, "train_time_s"),
                         ("parameters", "n_parameters")):
        if f"objective_{column}" in rows:
            largest = rows[f"objective_{column}"].max()
            if largest > 0:
                metrics[name] = largest
    return {name: float(v) for name, v in metrics.items()}
