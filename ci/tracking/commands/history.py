"""Show what `ci run` measured over the commits: changes, and a page.

Each series (one metric of one solver on one problem, on one machine) is cut
where its level changed, by the step detection of the package asv; the changes
are printed with their commit and author, and with the versions of packages
that changed since the commit measured before, which may be the cause. The page
draws every series, opens without a network, and links the commits.

    python -m ci history                            # artifacts/history.html
    python -m ci history --add other.sqlite         # merge another machine's
    python -m ci history --export all.parquet
"""

import sqlite3
from pathlib import Path

import pandas as pd

from ci import UserError
from ci.files import write_whole
from ci.tracking.dashboard import history_page
from ci.tracking.series import (
    change_lines,
    changes,
    commit_url,
    machines,
    read_series,
)
from ci.tracking.steps import NO_ASV, can_detect
from ci.tracking.store import History, stored_table
from ci.tracking.tables import DEFAULT


def add_arguments(parser):
    """Declare the command's arguments.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    """
    parser.add_argument(
        "--history", type=Path, default=DEFAULT, metavar="FILE",
        help=f"the history (default: {DEFAULT})",
    )
    parser.add_argument(
        "--add", type=Path, nargs="+", default=[], metavar="FILE",
        help="first add the runs of other histories (.sqlite or .parquet)",
    )
    parser.add_argument(
        "--export", type=Path, metavar="FILE",
        help="also write the history as one table (.parquet)",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE",
        help="the page; default: beside the history",
    )
    parser.add_argument(
        "--url", metavar="ADDRESS",
        help="what a commit's name is added to for its link; default: from "
             "git's remote origin",
    )


def run(args):
    """Run `python -m ci history`; print the changes and the page's path.

    Parameters
    ----------
    args : argparse.Namespace, see `add_arguments`
    """
    history = History(args.history)
    for file in args.add:
        added = history.add(read_other(file))
        print(f"{file}: {added} new runs")
    table = history.table()
    if args.export:
        print(write_whole(args.export, table.to_parquet(index=False)))
    commits, series = read_series(table)
    missing = notes(table)
    url = commit_url(Path.cwd()) if args.url is None else args.url
    page = history_page(
        commits, series, machines(table), url, "; ".join(missing))
    print(*change_lines(changes(series), commits), *missing, write_whole(
        args.output or args.history.with_suffix(".html"),
        page.encode("utf-8")), sep="\n")


def notes(table):
    """Say what is not shown, and why.

    Parameters
    ----------
    table : DataFrame, see `History.table`

    Returns
    -------
    list of str
    """
    found = [] if can_detect() else [NO_ASV]
    if n := table.loc[table["dirty"] != 0, "run"].nunique():
        found.append(f"runs of changed files are left out, no commit stands "
                     f"for them: {n}; commit before python -m ci run")
    return found


def read_other(file):
    """Read the runs of another history.

    Parameters
    ----------
    file : Path of a .parquet or of a database

    Returns
    -------
    DataFrame; UserError if it cannot be read.
    """
    try:
        if file.suffix == ".parquet":
            return pd.read_parquet(file)
        return stored_table(file)
    except (OSError, ValueError, sqlite3.Error,
            pd.errors.DatabaseError) as error:
        raise UserError(
            f"expected another history (.sqlite or .parquet) in {file}, got: "
            f"{error}; name a file that ci run or ci history --export wrote"
        ) from error
