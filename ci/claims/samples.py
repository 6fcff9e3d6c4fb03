"""What each evaluation says of every test sample: small files beside tables.

Objectives write these files where the environment asks for them, see
`unrolling.bench.samples`; a table names the file of each row. Here they are
kept beside the tables, and read.
"""

from pathlib import Path

import numpy as np

from ci.claims.claim import Missing
from ci.files import write_whole

ASKED = "UNROLLING_SAMPLES"
"""Environment variable: where it is set, objectives write these files."""

COLUMN = "objective_samples"
"""Column of a table: the path of the row's file."""


def keep(df, folder):
    """Copy the files that a table names out of benchopt's cache.

    Parameters
    ----------
    df : DataFrame, results
    folder : Path, that of the table; the files go to `samples` in it
    """
    for cached in map(Path, df[COLUMN].dropna().unique()
                      if COLUMN in df else ()):
        kept = folder / "samples" / cached.name
        if not kept.exists() and cached.exists():
            write_whole(kept, cached.read_bytes())


def located(df, folder):
    """Return a table whose rows name their files where `keep` put them."""
    if COLUMN not in df:
        return df
    return df.assign(**{COLUMN: [
        str(folder / "samples" / Path(name).name)
        if isinstance(name, str) else None
        for name in df[COLUMN]]})


def read_samples(row):
    """Read the file of one row.

    Parameters
    ----------
    row : DataFrame of one row, see `ci.claims.effects.at`

    Returns
    -------
    dict of str to ndarray, shape (n_samples,). Missing if there is no file.
    """
    [path] = row[COLUMN] if COLUMN in row else [None]
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    except (OSError, TypeError, ValueError) as error:
        raise Missing(
            f"expected the samples' file of {row['solver_name'].iloc[0]}, "
            f"got {error}: remove benchopt's cache (__cache__) and run again"
        ) from error
