"""Tables of runs, as the history takes them, and of two commits."""

import json
from pathlib import Path

import pandas as pd

from ci.tracking.metrics import Record

DEFAULT = Path("artifacts") / "history.sqlite"
"""Where the history is unless a command is told otherwise."""
NUMBERS = [*Record._fields, "benchmark", "side", "repetition"]
"""Columns of the numbers of a comparison."""


def run_table(run, date, commit, benchmark, machine, hardware, versions,
              records):
    """Make the history's rows of one run.

    Parameters
    ----------
    run : str, unique
    date : str, in ISO 8601
    commit : Commit
    benchmark : str, its name
    machine : str, the fingerprint of the hardware
    hardware, versions : dict of str to str
    records : list of Record

    Returns
    -------
    DataFrame with the columns `ci.tracking.store.COLUMNS`
    """
    return pd.DataFrame([record._asdict() for record in records]).assign(
        run=run, date=date, commit_id=commit.id, commit_date=commit.date,
        author=commit.author, subject=commit.subject, dirty=int(commit.dirty),
        benchmark=benchmark, machine=machine, hardware=json.dumps(hardware),
        versions=json.dumps(versions))


def side_rows(benchmark, side, repetition, records):
    """Make a comparison's rows of one run.

    Parameters
    ----------
    benchmark : str, its name
    side : {"base", "head"}
    repetition : int
    records : list of Record

    Returns
    -------
    list of tuple, with the columns `NUMBERS`
    """
    return [(*record, benchmark, side, repetition) for record in records]
