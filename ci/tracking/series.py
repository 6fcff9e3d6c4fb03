"""The history as series: one value per commit, for each metric of a curve."""

import json
import re
import subprocess
from typing import NamedTuple

import numpy as np
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
    software = software_of(table)
    return commits, [
        one_series(key, rows.sort_values("n"), software)
        for key, rows in medians.groupby(KEY, sort=True)]


def one_series(key, rows, software):
    """Make a Series of its rows, with its change points where asv is there."""
    name = dict(zip(KEY, key, strict=True))
    positions, values = rows["n"].tolist(), rows["value"].tolist()
    raised = above_rounding(name["metric"], values)
    measured = np.flatnonzero(raised >= 0)
    used = [software[name["benchmark"], name["machine"], commit]
            for commit in rows["commit_id"]]
    steps = []
    for step in find_steps(raised) if can_detect() else []:
        before = measured[np.searchsorted(measured, step.position) - 1]
        steps.append(step._replace(
            position=positions[step.position],
            software=upgrades(used[before], used[step.position])))
    return Series(key, positions, values, steps)


def software_of(table):
    """Collect the versions that each commit was measured with.

    Parameters
    ----------
    table : DataFrame, see `ci.tracking.store.History.table`

    Returns
    -------
    dict of (benchmark, machine, commit_id) to dict of str, a package's name,
    to set of str, its versions
    """
    found = {}
    columns = ["benchmark", "machine", "commit_id", "versions"]
    for *where, text in table[columns].drop_duplicates().itertuples(
            index=False):
        used = found.setdefault(tuple(where), {})
        for name, version in json.loads(text).items():
            used.setdefault(name, set()).add(version)
    return found


def upgrades(before, after):
    """Write what versions differ, as "torch 2.12 -> 2.13"; "" if none do."""
    return ", ".join(
        f"{name} {' and '.join(sorted(before[name]))} -> "
        f"{' and '.join(sorted(after[name]))}"
        for name in after if before.get(name, after[name]) != after[name])


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
    """Write a line for each change: when, who, how much, what, and what
    versions changed with it.

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
            f"{' | '.join(key[:-1])}"
            + (f"; also changed: {step.software}" if step.software else ""))
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

