"""Files in and out: which result files to read, and writing a file whole."""

import fcntl
import os
import pickle
import tempfile
from contextlib import contextmanager
from pathlib import Path

from benchopt.results import read_results
from benchopt.results.parquet import get_metadata

from ci import UserError

# What every result of benchopt 1.10 has, and every plot needs.
COLUMNS = {
    "solver_name", "dataset_name", "objective_name", "stop_val", "idx_rep",
    "time",
}


def benchmarks_of(root, file="objective.py"):
    """List the benchmarks of a suite in the order of its README.

    Parameters
    ----------
    root : Path, the suite's folder
    file : str, what a folder has to hold

    Returns
    -------
    list of Path: those that README.md names, as a link to the folder does,
        then the others by their names
    """
    readme = root / "README.md"
    text = readme.read_text("utf-8") if readme.exists() else ""
    found = {path.name: text.find(f"({path.name}/")
             for path in root.glob("benchmark_*") if (path / file).exists()}
    return [root / name for name in sorted(
        found, key=lambda name: (found[name] < 0, found[name], name))]


def benchmark_folder(path):
    """Check that a folder holds a benchmark.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Path; UserError if there is no `objective.py` in it.
    """
    path = Path(path)
    if not (path / "objective.py").is_file():
        raise UserError(
            f"expected the folder of a benchmark, with an objective.py, got "
            f"{path}: run from the suite's root, for example "
            f"python -m ci report benchmark_lasso"
        )
    return path


def find_results(benchmark, every=False):
    """List the result files of a benchmark.

    Parameters
    ----------
    benchmark : str or Path, the benchmark's folder
    every : bool, all result files instead of the newest one

    Returns
    -------
    list of Path, oldest first; UserError if there is none.
    """
    outputs = benchmark_folder(benchmark) / "outputs"
    found = sorted(
        outputs.glob("*.parquet"), key=lambda path: path.stat().st_mtime
    )
    if not found:
        raise UserError(
            f"expected a result file (.parquet) in {outputs}, got none: "
            f"make one with benchopt run {benchmark}"
        )
    return found if every else found[-1:]


def read_result(path):
    """Read one result file.

    Parameters
    ----------
    path : str or Path of a .parquet file

    Returns
    -------
    df : DataFrame, one row per evaluation
    metadata : dict, what benchopt stored along: `plots`, `plot_configs`

    UserError if the file is missing, damaged, or not benchopt's.
    """
    path = Path(path)
    try:
        df = read_results(path)
    # pyarrow's errors are subclasses of the first two
    except (OSError, ValueError, pickle.UnpicklingError) as error:
        raise UserError(
            f"expected a readable result file of benchopt, got {path} "
            f"({error}): run the benchmark again, or name another file"
        ) from error
    missing = COLUMNS - set(df.columns)
    if missing or df.empty:
        raise UserError(
            f"expected a result file of benchopt, got {path} with "
            f"{len(df)} rows and without the columns {sorted(missing)}: "
            f"name a file that benchopt run wrote"
        )
    return df, get_metadata(path)


def write_whole(path, content):
    """Write a file under a temporary name, then rename it.

    Parameters
    ----------
    path : Path; its folder is created where needed
    content : bytes

    Returns
    -------
    Path, the same; UserError if it cannot be written. Then a former file is
    still there, and no temporary one.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.stem[:40]}-", delete=False
        ) as file:
            try:
                file.write(content)
                file.close()
                os.chmod(file.name, 0o644)
                os.replace(file.name, path)
            except BaseException:
                file.close()
                os.unlink(file.name)
                raise
    except OSError as error:
        raise UserError(
            f"expected to write {path}, got: {error}; free some space, or "
            f"name another place with --output"
        ) from error
    return path


@contextmanager
def locked(path):
    """Keep other processes that lock the same file waiting meanwhile.

    Parameters
    ----------
    path : Path of a file that is there for this only; it and its folder are
        created where needed. UserError if they cannot be.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "w")
    except OSError as error:
        raise UserError(
            f"expected to write {path}, got: {error}; see who may write "
            f"there") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
