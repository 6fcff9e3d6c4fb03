"""The history as series: one value per commit, for each metric of a curve."""

import re
import subprocess
from typing import NamedTuple

import pandas as pd

from ci.tracking.metrics import above_rounding
from ci.tracking.steps import Step, can_detect, find_steps

KEY = ["benchmark", "dataset", "objective", "solver", "metric", "machine"]
COMMIT = ["commit_id", "commit_date", "author", "subject"]


class Series(NamedTuple):
    """One metric of one curve on one machine, over the commits."""

    key: tuple
    """The values of the names in `KEY`."""
    positions: list
    """Indices of the commits with a value."""
    values: list
    """Medians over the runs of a commit."""
    steps: list
    """Of Step, with the positions of commits."""


class Change(NamedTuple):
    """A change point: what, how much, since which commit."""

    key: tuple
    step: Step


def read_series(table):
    """Arrange the history by series.

    Runs of changed files, which no commit stands for, are left out.

    Parameters
    ----------
    table : DataFrame, see `ci.tracking.store.History.table`

    Returns
    -------
    commits : DataFrame with the columns `COMMIT`, by date, in UTC
    series : list of Series
    """
    table = table[table["dirty"] == 0]
    commits = table[COMMIT].drop_duplicates("commit_id")
    # older records have the time zones of their authors
    dates = pd.to_datetime(commits["commit_date"], format="ISO8601", utc=True)
    commits = commits.assign(
        commit_date=dates.map(pd.Timestamp.isoformat)).sort_values(
            ["commit_date", "commit_id"], ignore_index=True)
    number = {name: n for n, name in enumerate(commits["commit_id"])}
    medians = table.groupby(
        [*KEY, "commit_id"], sort=False)["value"].median().reset_index()
    medians["n"] = medians["commit_id"].map(number)
    return commits, [
        one_series(key, rows.sort_values("n"))
        for key, rows in medians.groupby(KEY, sort=True)]


def one_series(key, rows):
    """Make a Series of its rows, with its change points where asv is there."""
    positions, values = rows["n"].tolist(), rows["value"].tolist()
    steps = find_steps(
        above_rounding(key[KEY.index("metric")], values)
    ) if can_detect() else []
    return Series(key, positions, values, [
        step._replace(position=positions[step.position]) for step in steps])


def changes(series):
    """List all change points, the newest first, the larger before.

    Parameters
    ----------
    series : list of Series

    Returns
    -------
    list of Change
    """
    found = [Change(one.key, step) for one in series for step in one.steps]
    return sorted(found, key=lambda change: (
        -change.step.position, -abs(change.step.log_ratio)))


def change_lines(found, commits):
    """Write a line for each change: when, who, how much, what.

    Parameters
    ----------
    found : list of Change
    commits : DataFrame

    Returns
    -------
    list of str
    """
    lines = []
    for key, step in found:
        commit = commits.iloc[step.position]
        lines.append(
            f"{commit['commit_date'][:10]} {commit['commit_id'][:10]} "
            f"{commit['author']}: x {step.ratio:.3g} "
            f"({step.before:.3g} to {step.after:.3g}) "
            f"{' | '.join(key[:-1])}")
    return lines


def commit_url(folder):
    """Guess the address of commits from git's remote `origin`.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    str that ends in "/commit/"; "" where there is no such remote.
    """
    done = subprocess.run(
        ["git", "-C", str(folder), "remote", "get-url", "origin"],
        capture_output=True, text=True, check=False)
    found = re.fullmatch(
        r"(?:https?://|(?:ssh://)?git@)(?:[^@/]*@)?([^/:]+)[/:]([^?#]+?)"
        r"(?:\.git)?/?", done.stdout.strip())
    return f"https://{found[1]}/{found[2]}/commit/" if found else ""


def machines(table):
    """Return each machine's hardware: a dict of fingerprint to JSON text."""
    newest = table.drop_duplicates("machine", keep="last")
    return dict(zip(newest["machine"], newest["hardware"], strict=True))

