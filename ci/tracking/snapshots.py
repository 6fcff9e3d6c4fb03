"""Results of a configuration as text under git, to be completed by others.

A snapshot is two files: `<config>.csv`, one row per evaluation in a fixed
order with six digits, so that a new solver adds lines and changes none; and
`<config>.json`, what is the same for all rows, or for all rows of a solver, a
data set or an objective, and the digest of the table that it belongs to.
"""

import hashlib
import io
import json

import numpy as np
import pandas as pd
from benchopt.results.parquet import get_metadata, to_parquet

from ci import UserError
from ci.files import read_result, write_whole

RUN = ["dataset_name", "objective_name", "solver_name"]
ORDER = [*RUN, "base_seed", "idx_rep", "stop_val"]
MEASURED = ("time", "objective_")
"""How the names of columns begin whose values differ from row to row."""
LONGEST = 500
"""Characters of a text in a cell; columns with longer ones are left out."""
MACHINE = ["system-processor", "system-cpus", "system-ram (GB)", "platform",
           "version-numpy", "version-scipy"]


def split(df):
    """Separate what differs from row to row from what is shared.

    Parameters
    ----------
    df : DataFrame, results

    Returns
    -------
    rows : DataFrame, sorted
    shared : dict of "" or a column of `RUN` to dict of a group's name to dict
        of columns to values
    """
    df = df.sort_values(ORDER, ignore_index=True)
    others = [c for c in df if c not in ORDER and not c.startswith(MEASURED)]
    shared = {}
    for key in ("", *reversed(RUN)):
        groups = df.groupby(key) if key else [("", df)]
        groups = [(name, rows) for name, rows in groups]
        constant = [c for c in others if all(
            rows[c].nunique(dropna=False) <= 1 for _, rows in groups)]
        shared[key] = {name: plain(rows[constant].iloc[0])
                       for name, rows in groups}
        others = [c for c in others if c not in constant]
    measured = [c for c in df if c.startswith(MEASURED) and c not in ORDER
                and not too_long(df[c])]
    return df[[*ORDER, *measured]], shared


def plain(values):
    """Return a row as a dict of what JSON has, without what is missing."""
    return {name: value.item() if isinstance(value, np.generic) else value
            for name, value in values.items() if not pd.isna(value)}


def too_long(column):
    """Whether a column has a text that no table can show."""
    return any(isinstance(value, str) and len(value) > LONGEST
               for value in column)


def save(result, folder, config):
    """Write a snapshot of a result file.

    Parameters
    ----------
    result : Path of the .parquet
    folder : Path, where the snapshot goes
    config : str, its name

    Returns
    -------
    Path of the table; UserError if the results are of several machines.
    """
    df, metadata = read_result(result)
    if several := machines_of(df):
        raise UserError(
            f"expected results of one machine in {result}, got several "
            f"({'; '.join(several)}): run all solvers on one, and name its "
            f"result file")
    rows, shared = split(df)
    text = rows.to_csv(index=False, float_format="%.6g").encode("utf-8")
    about = {"shared": shared, "metadata": metadata, "sha256": digest(text)}
    table = write_whole(folder / f"{config}.csv", text)
    write_whole(folder / f"{config}.json", (json.dumps(
        about, indent=1, sort_keys=True) + "\n").encode("utf-8"))
    return table


def digest(table):
    """Name the content of a table: SHA-256 of its bytes."""
    return hashlib.sha256(table).hexdigest()


def load(folder, config):
    """Read a snapshot.

    Parameters
    ----------
    folder : Path
    config : str

    Returns
    -------
    DataFrame with the columns of a result file, and dict, its metadata;
    UserError if there is none, or if it is damaged: if its two files are not
    of one `save`, for example.
    """
    try:
        table = (folder / f"{config}.csv").read_bytes()
        about = json.loads((folder / f"{config}.json").read_text("utf-8"))
        if about.get("sha256") != digest(table):
            raise ValueError("the two do not belong together")
        df = pd.read_csv(io.BytesIO(table))
        for key, groups in about["shared"].items():
            for name, values in groups.items():
                where = df[key] == name if key else slice(None)
                for column, value in values.items():
                    df.loc[where, column] = value
        return df, about["metadata"]
    except (OSError, KeyError, ValueError) as error:
        raise UserError(
            f"expected a snapshot {config}.csv and {config}.json in {folder}, "
            f"got: {error}; make one with python -m ci snapshot --save"
        ) from error


def complete(result, folder, config, output):
    """Write a result file together with the snapshot's other curves.

    Parameters
    ----------
    result : Path of one's own .parquet; its curves replace those of the
        snapshot
    folder, config : see `load`
    output : Path of the new .parquet

    Returns
    -------
    list of str, see `machines_of`
    """
    theirs, metadata = load(folder, config)
    own, _ = read_result(result)
    ran = set(own[RUN].itertuples(index=False, name=None))
    kept = [curve not in ran
            for curve in theirs[RUN].itertuples(index=False, name=None)]
    both = pd.concat([theirs[kept], own], ignore_index=True)
    content = io.BytesIO()
    to_parquet(both, content, metadata | get_metadata(result))
    write_whole(output, content.getvalue())
    return machines_of(both)


def machines_of(df):
    """List in what the machines differ that results are of.

    Parameters
    ----------
    df : DataFrame, results

    Returns
    -------
    list of str, "what: one, other"; empty if all are of one machine.
    """
    found = {name: df[name].drop_duplicates().astype(str)
             for name in MACHINE if name in df}
    return [f"{name}: {', '.join(values)}" for name, values in found.items()
            if len(values) > 1]
