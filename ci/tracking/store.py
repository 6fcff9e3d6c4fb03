"""The history: one SQLite file that only grows, with a backup beside it.

A run is one call of benchopt; it enters whole, in one transaction, and is
never changed. SQLite's rollback journal undoes what a killed writer left, and
writers wait for each other. After each run the file is copied to its backup;
a damaged or lost file is replaced by that copy.
"""

import os
import sqlite3
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pandas as pd

from ci import UserError
from ci.files import locked, write_whole

VERSION = 1
WAIT = 60
"""Seconds that a writer waits for another one."""
RUN = ["run", "date", "commit_id", "commit_date", "author", "subject",
       "dirty", "benchmark", "machine", "hardware", "versions"]
SERIES = ["benchmark", "dataset", "objective", "solver", "metric"]
COLUMNS = [*RUN, *SERIES[1:], "value"]
SCHEMA = f"""
CREATE TABLE runs ({", ".join(RUN)}, PRIMARY KEY (run)) WITHOUT ROWID;
CREATE TABLE series (id INTEGER PRIMARY KEY, {", ".join(SERIES)},
                     UNIQUE ({", ".join(SERIES)}));
CREATE TABLE records (run REFERENCES runs, series REFERENCES series,
                      value REAL, PRIMARY KEY (run, series)) WITHOUT ROWID;
""" + "".join(
    f"CREATE TRIGGER {table}_{action} BEFORE {action} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the history only grows'); END;\n"
    for table in ("runs", "series", "records")
    for action in ("UPDATE", "DELETE")
) + f"PRAGMA user_version = {VERSION};"


class History:
    """The history in a file, which is created where there is none.

    Parameters
    ----------
    path : str or Path
        UserError if the file is damaged and so is its backup, if a newer
        version of this program wrote it, or if there can be no such file.
    """

    def __init__(self, path):
        self.path = Path(path)
        self.backup = self.path.with_name(self.path.name + ".backup")
        self.lock = self.path.with_name(self.path.name + ".lock")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.lock.touch()
        except OSError as error:
            raise UserError(
                f"expected to write the history {path}, got: {error}; name "
                f"another place with --history") from error
        with locked(self.lock):
            problem = damage(self.path, new=not self.backup.exists())
            if problem:
                self.restore(problem)
            with self.connected() as connection:
                connection.execute("BEGIN IMMEDIATE")
                if not stored_version(connection):
                    connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")

    @contextmanager
    def connected(self):
        """Open the file; what is done with it is kept unless there is an
        error."""
        with closing(sqlite3.connect(self.path, timeout=WAIT)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            with connection:
                yield connection

    def restore(self, problem):
        """Put the backup in the place of a damaged file, which is kept."""
        told = damage(self.backup, new=False)
        if told:
            raise UserError(
                f"expected a history in {self.path}, got: {problem}; its "
                f"backup {self.backup.name}: {told}; move both away to begin "
                f"a new one, or put an older copy in their place")
        if self.path.exists():
            os.replace(self.path,
                       self.path.with_name(self.path.name + ".damaged"))
            # the journal belongs to the damaged file
            self.path.with_name(self.path.name + "-journal").unlink(
                missing_ok=True)
        write_whole(self.path, self.backup.read_bytes())
        print(f"warning: {self.path} was damaged ({problem}); restored from "
              f"{self.backup.name}", file=sys.stderr)

    def add(self, table):
        """Add the runs that are not yet there, in one transaction.

        Parameters
        ----------
        table : DataFrame, one row per record, with the columns `COLUMNS`

        Returns
        -------
        int, the number of runs that are new. UserError if columns are
        missing.
        """
        missing = set(COLUMNS) - set(table)
        if missing:
            raise UserError(
                f"expected a history with the columns {', '.join(COLUMNS)}, "
                f"got none of {sorted(missing)}: name a file that python -m "
                f"ci history --export wrote")
        with self.connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            known = {run for run, in connection.execute(
                "SELECT run FROM runs")}
            new = table[~table["run"].isin(known)]
            insert(connection, new)
        with locked(self.lock):
            self.copy()
        return new["run"].nunique()

    def copy(self):
        """Write the backup anew, under a temporary name, then rename it."""
        target = self.backup.with_name(f".{self.backup.name}")
        target.unlink(missing_ok=True)  # of a killed process
        with (self.connected() as connection,
              closing(sqlite3.connect(target)) as copy):
            connection.backup(copy)
        os.replace(target, self.backup)

    def table(self):
        """Read all: a DataFrame with one row per record, oldest run first."""
        return stored_table(self.path, "rw")


def stored_table(path, mode="ro"):
    """Read a history, see `History.table`.

    Parameters
    ----------
    path : str or Path
    mode : {"ro", "rw"}
        Whether what a killed writer left may be undone.

    Returns
    -------
    DataFrame; pandas.errors.DatabaseError or sqlite3.Error if path is none.
    """
    names = [f"runs.{c}" for c in RUN]
    names += [f"series.{c}" for c in SERIES[1:]] + ["value"]
    uri = f"{Path(path).resolve().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(uri, uri=True, timeout=WAIT)) as connection:
        return pd.read_sql_query(
            f"SELECT {', '.join(names)} FROM records "
            "JOIN runs ON runs.run = records.run "
            "JOIN series ON series.id = records.series "
            "ORDER BY datetime(runs.commit_date), runs.date, runs.run, "
            "series.id",
            connection)


def insert(connection, new):
    """Insert runs, series and records.

    Parameters
    ----------
    connection : sqlite3.Connection, within a transaction
    new : DataFrame with the columns `COLUMNS`, of runs that are new
    """
    places = ", ".join("?" * len(RUN))
    connection.executemany(
        f"INSERT INTO runs VALUES ({places})",
        rows_of(new[RUN].drop_duplicates("run")))
    places = ", ".join("?" * len(SERIES))
    connection.executemany(
        f"INSERT OR IGNORE INTO series ({', '.join(SERIES)}) "
        f"VALUES ({places})", rows_of(new[SERIES].drop_duplicates()))
    same = " AND ".join(f"{name} = ?" for name in SERIES)
    connection.executemany(
        f"INSERT INTO records SELECT ?, id, ? FROM series WHERE {same}",
        rows_of(new[["run", "value", *SERIES]]))


def rows_of(table):
    """Return the rows of a table as tuples of Python's types."""
    return list(zip(*(table[name].tolist() for name in table), strict=True))


def stored_version(connection):
    """Return the schema's version; UserError if it is a newer one."""
    [version] = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise UserError(
            f"expected a history of version {VERSION} at most, got version "
            f"{version}: update this program")
    return version


def damage(path, new):
    """Say what is wrong with a file; "" if nothing is.

    Parameters
    ----------
    path : Path
    new : bool, whether a missing or empty file is all right

    Returns
    -------
    str
    """
    if not path.exists() or not path.stat().st_size:
        return "" if new else "missing or empty"
    try:
        with closing(sqlite3.connect(path, timeout=WAIT)) as connection:
            [told] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise UserError(
                f"expected to read the history {path}, got: {error}; see who "
                "may read and write it") from error
        return str(error)
    return "" if told == "ok" else told
