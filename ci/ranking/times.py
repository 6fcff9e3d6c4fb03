"""Seconds of every solver to every level, on every problem of a run."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ci.curves import LEVELS, read_curve

PROBLEM = ["dataset_name", "objective_name"]
EXCESS = "objective_suboptimality"
TRAINING = "objective_train_time_s"


class Winner(NamedTuple):
    """Who is fastest on a problem."""

    dataset: str
    objective: str
    fastest: dict
    """level -> (solver, seconds), training not counted; no entry where no
    solver gets there, or where the start is there."""
    trained: dict
    """The same, training counted."""
    starts: frozenset
    """The levels that the start point has."""


def trained_solvers(df):
    """Name the solvers that were trained or tuned; with loss=none, what
    counts as training is the network's set-up alone.

    Parameters
    ----------
    df : DataFrame, a result file

    Returns
    -------
    set of str
    """
    if TRAINING not in df:
        return set()
    trained = df["solver_name"][df[TRAINING] > 0]
    return set(trained[~trained.str.contains("loss=none")])


def seconds_to_levels(df):
    """Tabulate who is how fast; empty if the optimum is not known.

    Parameters
    ----------
    df : DataFrame, a result file

    Returns
    -------
    DataFrame, a row for each solver, problem and level, in the order of the
    file, with the columns dataset, objective, solver, level; seconds and
    trained, the seconds without and with training, medians over the
    repetitions and infinite where the level is not reached; and start,
    whether the start point has the level.
    """
    columns = ["dataset", "objective", "solver", "level", "seconds",
               "trained", "start"]
    if EXCESS not in df:
        return pd.DataFrame(columns=columns)
    rows = []
    for (*problem, solver), runs in df.groupby(
            [*PROBLEM, "solver_name"], sort=False):
        curves = [read_curve(run) for _, run in runs.groupby("idx_rep")]
        training = 0.0
        if TRAINING in runs:
            training = np.nan_to_num(
                runs.groupby("idx_rep")[TRAINING].max().median())
        for level in LEVELS:
            seconds = np.median([c.seconds_to(level) for c in curves])
            start = any(c.by_iteration and c.iterations[0] == 0
                        and c.excess[0] <= level for c in curves)
            rows.append([*problem, solver, level, seconds,
                         seconds + training, start])
    table = pd.DataFrame(rows, columns=columns)
    keys = ["dataset", "objective", "level"]
    table["start"] = table.groupby(keys)["start"].transform("any")
    return table


def winners(table):
    """Find the fastest solver of each problem to each level.

    Parameters
    ----------
    table : DataFrame, see `seconds_to_levels`

    Returns
    -------
    list of Winner
    """
    found = []
    for problem, rows in table.groupby(["dataset", "objective"], sort=False):
        starts = frozenset(rows["level"][rows["start"]])
        told = rows[~rows["start"]]
        first = ({level: fastest(own, column)
                  for level, own in told.groupby("level")
                  if np.isfinite(own[column]).any()}
                 for column in ("seconds", "trained"))
        found.append(Winner(*problem, *first, starts))
    return found


def fastest(rows, column):
    """Return the solver with the fewest seconds, and these seconds."""
    row = rows.loc[rows[column].idxmin()]
    return row["solver"], float(row[column])


def lowest_values(df):
    """Rank the solvers of each problem by the value that they end with.

    It is what can be said where no optimum is known.

    Parameters
    ----------
    df : DataFrame, a result file

    Returns
    -------
    list of (dataset, objective, ranking): the ranking is a list of (solver,
    value, seconds), lowest first, medians over the repetitions. Values that
    are no number (of a result that does not solve the problem) are left out,
    and so are problems on which there is no other.
    """
    last = df.sort_values("time", kind="stable").groupby(
        [*PROBLEM, "solver_name", "idx_rep"], sort=False).tail(1)
    last = last.fillna({"objective_value": np.inf})
    found = []
    for problem, rows in last.groupby(PROBLEM, sort=False):
        ends = rows.groupby("solver_name", sort=False)[
            ["objective_value", "time"]].median()
        ends = ends[np.isfinite(ends["objective_value"])].sort_values(
            "objective_value", kind="stable")
        if len(ends):
            found.append((*problem, [
                (solver, float(value), float(seconds))
                for solver, value, seconds in ends.itertuples()]))
    return found
