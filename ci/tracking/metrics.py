"""One run of benchopt as records: a few numbers for each curve.

All metrics are better the smaller they are.
"""

from typing import NamedTuple

import numpy as np

from ci.tracking.curves import LEVELS, area, cost_to_level

CURVE = ["dataset_name", "objective_name", "solver_name"]
ALL = "all"
"""The data set, objective and solver of what is measured of a whole call."""
MEMORY = "peak memory (MiB)"
TRAINING = "training (s)"
SECONDS = [f"seconds to {level:.0e}" for level in sorted(LEVELS)] + [
    "seconds in all"]
"""Metrics of time, hardest first."""
TIMES = {*SECONDS, TRAINING}
EXACT_FLOOR = {"final excess": 1e-9}
"""Metrics that are rounding errors below some value."""


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

    Iterations are those of solvers that benchopt samples by iteration, layers
    of a network included; of others, which run to a tolerance, only the time
    is measured. Where the objective knows no optimum, the excess is that over
    the curve's own last value.

    Parameters
    ----------
    rows : DataFrame, the evaluations of one solver on one problem

    Returns
    -------
    dict of str to float
    """
    by_iteration = rows["sampling_strategy"].iloc[0] in (
        "Iteration", "Callback")
    rows = rows.sort_values("stop_val", ascending=by_iteration)
    value = rows["objective_value"].to_numpy(float)
    known = "objective_suboptimality" in rows
    excess = (rows["objective_suboptimality"].to_numpy(float) if known
              else value - value[-1])
    iterations, seconds = (
        rows[name].to_numpy(float) for name in ("stop_val", "time"))
    metrics = {}
    if by_iteration:
        for level in LEVELS:
            metrics[f"iterations to {level:.0e}"] = cost_to_level(
                iterations, excess, level)
        metrics["area (iterations)"] = area(iterations, excess)
    for level in LEVELS:
        metrics[f"seconds to {level:.0e}"] = cost_to_level(
            seconds, excess, level, by_iteration)
    metrics["seconds in all"] = seconds[-1]
    metrics["final value"] = value[-1]
    if known:
        metrics["final excess"] = excess[-1]
    for name, column in ((TRAINING, "train_time_s"),
                         ("parameters", "n_parameters")):
        last = rows.get(f"objective_{column}", np.array([np.nan]))
        last = np.asarray(last, float)[-1]
        if last > 0:
            metrics[name] = last
    return {name: float(v) for name, v in metrics.items()}
