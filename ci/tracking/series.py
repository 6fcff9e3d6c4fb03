"""The history as series: one value per commit, for each metric of a curve."""

import re
import subprocess
from typing import NamedTuple

import numpy as np
import pandas as pd

from ci.tracking.steps import can_detect, find_steps

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
    """Pairs (index of the first commit after a change, ratio)."""


class Change(NamedTuple):
    """A change point: what, how much, since which commit."""

    key: tuple
    ratio: float
    commit: int
    """Index of the first commit with the new level."""
    before: int
    """Index of the last commit with the old level."""


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
    steps = find_steps(values) if can_detect() else []
    return Series(key, positions, values,
                  [(positions[s.position], s.ratio) for s in steps])


def changes(series):
    """List all change points, the newest first, the larger before.

    Parameters
    ----------
    series : list of Series

    Returns
    -------
    list of Change
    """
    found = [
        Change(one.key, ratio, commit,
               max(n for n in one.positions if n < commit))
        for one in series for commit, ratio in one.steps]
    return sorted(found, key=lambda change: (
        -change.commit, -abs(np.log(change.ratio))))


def changes_table(found, commits):
    """Write a line for each change: when, who, how much, what.

    Parameters
    ----------
    found : list of Change
    commits : DataFrame

    Returns
    -------
    str
    """
    lines = []
    for change in found:
        commit = commits.iloc[change.commit]
        lines.append(
            f"{commit['commit_date'][:10]} {commit['commit_id'][:10]} "
            f"{commit['author']}: x {change.ratio:.3g} "
            f"{' | '.join(change.key[:-1])}")
    return "\n".join(lines)


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

